"""What the last page explains: each closing fact in words that are true of it, what to do, and what was found.

Rule: what could not be closed is said plainly, with what to do next; nothing reassuring stands beside it.
"""

from client_app.core.anydesk import Fact
from client_app.core.brand_types import Brand, ContactKind
from client_app.core.errors import ErrorCode
from client_app.core.messages import N_
from client_app.core.numbers import grouped
from client_app.core.session import EndedBy, FactView, PeerView, Phase, Session
from client_app.core.view_state_types import FactLine, Say

_PAGES = (Phase.FINISHED, Phase.REMOVING, Phase.REMOVED)

NAMES_SHOWN = 5


def fact_lines(session: Session) -> tuple[FactLine, ...]:
    """Return the facts; what failed comes first."""
    lines = [FactLine(_text_of(fact), fact.holds) for fact in session.closing]
    return tuple(sorted(lines, key=lambda line: line.holds is not False))


def survives_restart(session: Session) -> bool:
    """Tell whether AnyDesk could be there again after a restart: then restarting is not what helps."""
    return any(fact.holds is False and _survives(fact) for fact in session.closing)


def advice_of(session: Session, brand: Brand) -> tuple[Say, ...]:
    """Return what to do when something could not be closed, in order; nothing when all was closed."""
    if session.phase not in _PAGES or not _is_open(session):
        return ()
    advice = [Say(N_("Unplug the network cable or switch Wi-Fi off: then nobody can connect."))]
    if survives_restart(session):
        advice.append(
            Say(N_("Leave the Internet off until somebody has helped you: restarting is not enough."))
        )
    else:
        advice.append(Say(N_("Save your work and restart this computer.")))
    company = brand.seller.short_name
    phone = _phone_of(brand)
    if phone:
        advice.append(Say(N_("Call {company}: {phone}. Tell them the code {code}."), _code(company, phone)))
    else:
        advice.append(Say(N_("Call {company} and tell them the code {code}."), _code(company, "")))
    return tuple(advice)


def remarks_of(session: Session) -> tuple[Say, ...]:
    """Return what is explained afterwards: who was turned away, what contradicted itself, what else was found."""
    remarks: list[Say] = []
    if session.stranger is not None:
        remarks.append(_about_stranger(session, session.stranger))
    if session.signals_disagree and session.ended_by in (EndedBy.STRANGER, EndedBy.UNKNOWN):
        remarks.append(
            Say(N_("AnyDesk's signs contradicted each other, so it was not certain who was connected."))
        )
    found = session.found
    for names, msgid in (
        (found.ended, N_("This came with the session and was taken out again: {names}.")),
        (found.new_entries, N_("Since the start of the session this is new on your computer: {names}.")),
        (
            found.remote_tools,
            N_("Other programs for remote access are running and were left alone: {names}."),
        ),
    ):
        if names:
            remarks.append(Say(msgid, {"names": _names(names)}))
    return tuple(remarks)


def _about_stranger(session: Session, peer: PeerView) -> Say:
    known = session.case is not None and peer.number in session.case.anydesk_numbers
    if not peer.number:
        return Say(
            N_("Somebody was connected whose AnyDesk number could not be found out. They were cut off.")
        )
    number: dict[str, str | int | Say] = {"number": grouped(peer.number)}
    if known and peer.accepted_by in ("password", "token"):
        return Say(
            N_(
                "AnyDesk number {number} came in without your click on “Accept”. That is not allowed,"
                " so the connection was cut off."
            ),
            number,
        )
    if known:
        # The watcher turns the technician's own number away for one reason only: AnyDesk's mark of a fraud.
        return Say(N_("AnyDesk itself warned of the AnyDesk number {number}, so it was cut off."), number)
    if any(past.number == peer.number for past in session.past_peers):
        return Say(
            N_("AnyDesk number {number} was connected and was cut off. It is not your technician's."), number
        )
    return Say(
        N_("AnyDesk number {number} asked to connect and was turned away. It is not your technician's."),
        number,
    )


def _text_of(fact: FactView) -> str:
    known = _known(fact)
    if known is None:
        return fact.text
    return known.failed_text if fact.holds is False else known.text


def _survives(fact: FactView) -> bool:
    known = _known(fact)
    return known is not None and known.survives_restart


def _known(fact: FactView) -> Fact | None:
    try:
        return Fact(fact.fact)
    except ValueError:
        return None


def _is_open(session: Session) -> bool:
    return not session.closing or session.is_known_open


def _phone_of(brand: Brand) -> str:
    company = next((one.number for one in brand.emergency if one.kind is ContactKind.COMPANY), "")
    return brand.seller.phone or company


def _code(company: str, phone: str) -> dict[str, str | int | Say]:
    return {"company": company, "phone": phone, "code": ErrorCode.NOT_CLOSED.value}


def _names(names_untrusted: tuple[str, ...]) -> str:
    shown = ", ".join(name[:60] for name in names_untrusted[:NAMES_SHOWN])
    return f"{shown} …" if len(names_untrusted) > NAMES_SHOWN else shown
