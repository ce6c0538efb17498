"""Sections of what is not an order: refusal, start and end of a session, closing facts.

Rule: the receipt of a refusal is made of the refusal alone; nothing of the person or the session reaches it.
"""

from __future__ import annotations

from msgspec import UnsetType

from client_app.core.anydesk import Fact
from client_app.core.messages import N_
from client_app.core.numbers import grouped
from client_app.core.receipt_text import Closing, Mark, ReceiptEntry, ReceiptRow, ReceiptSection
from client_app.core.session import EndedBy, FactView
from client_app.core.steps import Step
from client_app.services.receipt_order import documents_section, filled
from client_app.services.receipt_words import Words
from consent_record.records import (
    Acceptance,
    ClosingProof,
    InputOrigin,
    PresenceAnswer,
    PresenceEntry,
    Refusal,
    SessionEnd,
    SessionStart,
)

_REFUSED = {
    "refused": N_("You did not want this help."),
    "not_them": N_("You said that this was not the company."),
    "wrong_word": N_("The word was not the right one, so the case was stopped for your safety."),
    "timed_out": N_("The time was up."),
    "postponed": N_("You wanted to finish later."),
}

_ENDED = {
    EndedBy.CUSTOMER: N_("You ended the session."),
    EndedBy.TECHNICIAN: N_("The technician ended the session."),
    EndedBy.WINDOW: N_("The session ended because this window was closed."),
    EndedBy.CLOCK: N_("The session ended because its time was up."),
    EndedBy.NO_CONNECTION: N_("The session ended because nobody was connected for too long."),
    EndedBy.ANYDESK: N_("The session ended because AnyDesk closed."),
    EndedBy.ABSENCE: N_("The session ended because nobody answered whether somebody is here."),
    EndedBy.LOGGED_OFF: N_("The session ended because the user was signed off."),
    EndedBy.STRANGER: N_("The session was cut, because somebody else connected."),
    EndedBy.RESTART: N_("The session ended for a restart of the computer."),
    EndedBy.CLIENT_DIED: N_("The session ended because this program stopped."),
    EndedBy.UNKNOWN: N_("The session has ended."),
}

_ANSWERED = {
    PresenceAnswer.CONFIRMED: N_("“I am here” was pressed."),
    PresenceAnswer.EXTENDED: N_("“More time” was pressed."),
    PresenceAnswer.NOT_COUNTED: N_("Another program pressed; that was not counted."),
    PresenceAnswer.UNANSWERED: N_("Nobody answered in time."),
}
_PRESSED = (PresenceAnswer.CONFIRMED, PresenceAnswer.EXTENDED)
_WHO = {
    InputOrigin.LOCAL: N_("You, at this computer"),
    InputOrigin.UNKNOWN: N_("The system does not say who pressed"),
}

_MARKS = {True: Mark.HOLDS, False: Mark.FAILS, None: Mark.UNKNOWN}


def closing_sections(closing: Closing, words: Words, company: str) -> tuple[ReceiptSection, ...]:
    """Return how help ended, as this program saw it, for the paper of an order."""
    ended = (
        (ReceiptRow(words.say(N_("End")), words.say(_ENDED[closing.ended_by])),) if closing.ended_by else ()
    )
    peers = tuple(
        _peer(peer.number, peer.name_untrusted, peer.since, peer.until, words) for peer in closing.peers
    )
    return (
        ReceiptSection(words.say(N_("How the help ended")), rows=(*ended, *peers)),
        _facts(closing.facts, words, company),
    )


def refusal_sections(refusal: Refusal, words: Words) -> tuple[ReceiptSection, ...]:
    """Return what a refusal says: when, on which step and how. It holds no name and no e-mail."""
    say = words.say
    step = next((s for s in Step if s.value == refusal.step), None)
    rows = filled(
        ReceiptRow(say(N_("When")), words.time(refusal.created_at)),
        ReceiptRow(say(N_("On step")), f"{step.number}. {say(step.title)}" if step else ""),
        ReceiptRow(say(N_("How")), say(_REFUSED[refusal.reason])),
    )
    lines = (
        say(N_("Nothing was ordered and nothing was started. This record holds no name and no e-mail.")),
    )
    return (
        ReceiptSection(say(N_("You did not order")), rows=rows, lines=lines),
        documents_section(refusal.documents, words, N_("Documents that you were shown")),
    )


def start_sections(start: SessionStart, words: Words) -> tuple[ReceiptSection, ...]:
    """Return what the record of a start says."""
    say = words.say
    is_offline = start.acceptance is Acceptance.OFFLINE
    how = N_("by the technician on the phone") if is_offline else N_("by the company's server")
    rows = (
        ReceiptRow(say(N_("When")), words.time(start.created_at)),
        ReceiptRow(say(N_("Order")), start.consent_id, is_exact=True),
        ReceiptRow(say(N_("The order was accepted")), say(how)),
        ReceiptRow(say(N_("Program that was started")), f"SHA-256 {start.anydesk_sha256}", is_exact=True),
    )
    return (ReceiptSection(say(N_("AnyDesk was started")), rows=rows),)


def end_sections(end: SessionEnd, words: Words) -> tuple[ReceiptSection, ...]:
    """Return what the record of an end says: how it ended and who had been connected."""
    say = words.say
    rows = (
        ReceiptRow(say(N_("When")), words.time(end.created_at)),
        ReceiptRow(say(N_("Order")), end.consent_id, is_exact=True),
        ReceiptRow(say(N_("End")), say(_ENDED[EndedBy(end.ended_by)])),
    )
    peers = tuple(_peer(p.number, "", p.connected_at, p.disconnected_at or "", words) for p in end.peers)
    answers = () if isinstance(end.presence, UnsetType) else end.presence
    asked = tuple(_presence(entry, words) for entry in answers)
    return (ReceiptSection(say(N_("How the help ended")), rows=(*rows, *peers, *asked)),)


def proof_sections(proof: ClosingProof, words: Words, company: str) -> tuple[ReceiptSection, ...]:
    """Return the closing facts of a record."""
    rows = (
        ReceiptRow(words.say(N_("When")), words.time(proof.created_at)),
        ReceiptRow(words.say(N_("Order")), proof.consent_id, is_exact=True),
    )
    views = (FactView(fact.fact, fact.holds, "", fact.measured_at) for fact in proof.facts)
    return (ReceiptSection(words.say(N_("Closing")), rows=rows), _facts(tuple(views), words, company))


def _presence(entry: PresenceEntry, words: Words) -> ReceiptRow:
    who = _WHO.get(entry.origin, "") if entry.answer in _PRESSED else ""
    lines = (words.time(entry.at), words.say(_ANSWERED[entry.answer]), words.say(who) if who else "")
    return ReceiptRow(
        words.say(N_("Whether you were at the computer")), "\n".join(line for line in lines if line)
    )


def _facts(facts: tuple[FactView, ...], words: Words, company: str) -> ReceiptSection:
    heading = words.say(N_("Nobody can come back"))
    if not facts:
        return ReceiptSection(heading)
    if any(fact.holds is False for fact in facts):
        heading = words.say(N_("AnyDesk could not be closed completely"))
        lines = [words.say(_what_to_do(facts))]
    else:
        lines = [words.say(N_("The technician of {company} can no longer connect."), company=company)]
    measured = max(fact.measured_at for fact in facts)
    if measured:
        lines.append(words.say(N_("Measured after the end: {time}."), time=words.time(measured)))
    return ReceiptSection(heading, entries=tuple(_fact(fact, words) for fact in facts), lines=tuple(lines))


def _what_to_do(facts: tuple[FactView, ...]) -> str:
    """Return what helps: a restart does not end what starts again with the computer."""
    failed = {fact.fact for fact in facts if fact.holds is False}
    if any(fact.value in failed and fact.survives_restart for fact in Fact):
        return N_("Switch the Internet off on this computer now. Then nobody can connect.")
    return N_("Restart this computer now. After that nobody can connect.")


def _fact(fact: FactView, words: Words) -> ReceiptEntry:
    known = next((f for f in Fact if f.value == fact.fact), None)
    text = known.text if known else fact.text
    note = ""
    if fact.holds is False:
        note = words.say(N_("This does not hold!"))
    elif fact.holds is None:
        note = words.say(N_("This could not be measured."))
    return ReceiptEntry(words.say(text) if text else fact.fact, note=note, mark=_MARKS[fact.holds])


def _peer(number: str, name_untrusted: str, since: str, until: str, words: Words) -> ReceiptRow:
    who = ", ".join(part for part in (f"AnyDesk {grouped(number)}".strip(), name_untrusted) if part)
    lines = (
        who,
        words.say(N_("from {time}"), time=words.time(since)) if since else "",
        words.say(N_("to {time}"), time=words.time(until)) if until else "",
    )
    return ReceiptRow(words.say(N_("Who was connected")), "\n".join(line for line in lines if line))
