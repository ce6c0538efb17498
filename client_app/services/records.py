"""From a session to records, as pure functions: what is written down is what was shown, ticked and measured.

Rule: a refusal is made without looking at the person; its type has no field for one. Every record is read back
through its own type before it is stored, so nothing is stored that the backend must refuse for its shape.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, TypedDict, TypeVar, cast

import msgspec
from msgspec import UNSET

from client_app.core.errors import CustomerError, ErrorCode
from client_app.core.session import Act as ShownAct
from client_app.core.session import (
    BackupChoice,
    ConsentView,
    Document,
    DocumentText,
    PeerView,
    ReopenReason,
    Session,
    StopReason,
)
from client_app.services.run import JoinedCase, Run
from consent_record.canonical import canonical_bytes, decode, hash_of
from consent_record.documents import DocumentKind, DocumentRef
from consent_record.errors import MalformedError
from consent_record.fields import AnyDeskNumber, Timestamp, timestamp
from consent_record.records import (
    Acceptance,
    Act,
    Backup,
    BackupKind,
    ClosingFact,
    ClosingProof,
    Consent,
    Display,
    InputMethod,
    InputOrigin,
    Peer,
    Person,
    PersonKind,
    PresenceAnswer,
    PresenceEntry,
    Record,
    Refusal,
    Reopening,
    Restart,
    SessionEnd,
    SessionStart,
    SystemFamily,
)

_log = logging.getLogger(__name__)
R = TypeVar("R", bound=Record)

REFUSALS: dict[StopReason, Literal["refused", "not_them", "wrong_word", "timed_out", "postponed"]] = {
    StopReason.REFUSED: "refused",
    StopReason.NOT_THEM: "not_them",
    StopReason.WRONG_WORD: "wrong_word",
    StopReason.POSTPONED: "postponed",
}
"""Ends that the customer chose. When the company froze or ended the case, the customer refused nothing."""

_BACKUPS = {
    BackupChoice.HAVE_ONE: BackupKind.HAVE_ONE,
    BackupChoice.MADE_NOW: BackupKind.MADE_NOW,
    BackupChoice.NONE: BackupKind.NONE_AGREED,
}
_HOW_ACCEPTED = ("user", "password", "token", "unknown")


class _Common(TypedDict):
    record_id: str
    case_id: str
    run_id: str
    created_at: str
    client_version: str
    system: SystemFamily
    language: str


@dataclass(frozen=True)
class Maker:
    """What every record of a run has in common.

    Attributes:
        run: its id, system and version.
        provider: the seller's full name.
        clock: aware.
    """

    run: Run
    provider: str
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def consent(self, session: Session, case: JoinedCase, *, previous_record: str | None) -> Consent:
        """Return the order as it stands on the page when the order button is pressed.

        Args:
            session: with every act.
            case: whose statement the customer acted on.
            previous_record: hash of the case's last accepted consent, if there was one.

        Raises:
            CustomerError: INTERNAL: the flow let an incomplete order through.
        """
        person, backup = session.person, session.backup
        if person.kind is None or backup is None:
            raise CustomerError(ErrorCode.INTERNAL, "an order without the person's kind or the backup's")
        named = [t for t in map(session.binding_document, Document) if t is not None]
        record = Consent(
            **self._common(session, case),
            provider=self.provider,
            technician_id=case.statement.technician_id,
            technician_name=case.statement.technician_name,
            statement_hash=case.statement_hash,
            problem=case.statement.problem,
            person=Person(
                kind=PersonKind(person.kind.value),
                name=person.name.strip(),
                email=person.email.strip(),
                address=person.address.strip(),
                company=person.company.strip() if person.kind.value == PersonKind.BUSINESS.value else "",
                nip=_digits(person.nip) if person.kind.value == PersonKind.BUSINESS.value else "",
            ),
            documents=tuple(reference_of(text) for text in named),
            displays=_displays(session),
            acts=_acts(session),
            price=case.statement.price,
            button_label=session.button_label,
            backup=Backup(
                kind=_BACKUPS[backup],
                made_on=session.backup_made_on.isoformat() if session.backup_made_on else "",
            ),
            previous_record=previous_record,
        )
        return _checked(record)

    def refusal(self, session: Session, case: JoinedCase, reason: StopReason) -> Refusal:
        """Return a refusal: on which step, how, and which documents had been shown. Never the person."""
        step = session.stopped_on or session.step
        shown = tuple(d.document for d in _displays(session))
        return _checked(
            Refusal(
                **self._common(session, case),
                step=step.value if step is not None else "unknown",
                reason=REFUSALS[reason],
                documents=shown,
            )
        )

    def session_start(
        self, session: Session, case: JoinedCase, *, consent_id: str, consent_hash: str, offline: bool,
        anydesk_sha256: str, reopening: ConsentView | None = None,
    ) -> SessionStart:  # fmt: skip
        """Return the record that AnyDesk was started under a consent, or once more under a reopening of it."""
        return _checked(
            SessionStart(
                **self._common(session, case),
                consent_id=consent_id,
                consent_hash=consent_hash,
                acceptance=Acceptance.OFFLINE if offline else Acceptance.ONLINE,
                anydesk_sha256=anydesk_sha256,
                reopening_id=reopening.record_id if reopening is not None else UNSET,
                reopening_hash=reopening.record_hash if reopening is not None else UNSET,
            )
        )

    def restart(self, session: Session, case: JoinedCase, consent: ConsentView, pressed: ShownAct) -> Restart:
        """Return the record of a press on the restart button."""
        return _checked(
            Restart(
                **self._common(session, case),
                consent_id=consent.record_id,
                consent_hash=consent.record_hash,
                act=act_of(pressed),
            )
        )

    def reopening(
        self, session: Session, case: JoinedCase, consent: ConsentView, pressed: ShownAct, *,
        reason: ReopenReason, previous_record: str,
    ) -> Reopening:  # fmt: skip
        """Return the record that lets AnyDesk be started once more; `previous_record` is a hash."""
        return _checked(
            Reopening(
                **self._common(session, case),
                consent_id=consent.record_id,
                consent_hash=consent.record_hash,
                reason=reason.value,
                previous_record=previous_record,
                act=act_of(pressed),
            )
        )

    def session_end(self, session: Session, case: JoinedCase, *, consent_id: str) -> SessionEnd:
        """Return the record of how a session ended and who had been connected."""
        common = self._common(session, case)
        peers = session.past_peers if session.peer is None else (*session.past_peers, session.peer)
        known = [p for p in (_peer(view, common["created_at"]) for view in peers) if p is not None]
        if len(known) != len(peers):
            _log.warning("peer_without_number", extra={"count": len(peers) - len(known)})
        return _checked(
            SessionEnd(
                **common,
                consent_id=consent_id,
                ended_by=session.ended_by.value if session.ended_by is not None else "unknown",
                peers=tuple(known),
                presence=_presence(session) or UNSET,
            )
        )

    def closing(self, session: Session, case: JoinedCase, *, consent_id: str) -> ClosingProof:
        """Return the record of the measured closing facts."""
        common = self._common(session, case)
        facts = tuple(
            ClosingFact(
                fact=view.fact,
                holds=view.holds,
                measured_at=_time(view.measured_at) or common["created_at"],
            )
            for view in session.closing
        )
        return _checked(ClosingProof(**common, consent_id=consent_id, facts=facts))

    def _common(self, session: Session, case: JoinedCase) -> _Common:
        return {
            "record_id": str(uuid.uuid4()),
            "case_id": case.case_id,
            "run_id": self.run.run_id,
            "created_at": timestamp(self.clock()),
            "client_version": self.run.client_version,
            "system": self.run.system,
            "language": session.language,
        }


def reference_of(text: DocumentText) -> DocumentRef:
    """Return the reference that names one exact version."""
    return DocumentRef(
        document_id=text.document_id,
        kind=DocumentKind(text.kind.value),
        version=text.version,
        language=text.language,
        sha256=text.sha256,
    )


def _displays(session: Session) -> tuple[Display, ...]:
    texts = {text.sha256: text for text in session.documents}
    return tuple(
        Display(
            document=reference_of(texts[reading.sha256]),
            first_shown_at=reading.first_shown_at,
            seconds_shown=reading.seconds_shown,
            scrolled_to_end=reading.scrolled_to_end,
            saved=reading.saved,
            printed=reading.printed,
            bundled_copy=texts[reading.sha256].bundled,
        )
        for reading in session.readings
        # A text that the company replaced meanwhile was read, but is no part of this order.
        if reading.sha256 in texts
    )


def _acts(session: Session) -> tuple[Act, ...]:
    return tuple(act_of(act) for act in session.acts)


def act_of(act: ShownAct) -> Act:
    """Return an act of a page as records write it."""
    return Act(
        control=act.control.value,
        at=act.at,
        method=InputMethod(act.way.value),
        origin=InputOrigin(act.origin.value),
        texts=act.texts,
    )


def _presence(session: Session) -> tuple[PresenceEntry, ...]:
    return tuple(
        PresenceEntry(
            at=entry.at, origin=InputOrigin(entry.origin.value), answer=PresenceAnswer(entry.answer.value)
        )
        for entry in session.presence.entries
    )


def _peer(view: PeerView, fallback: str) -> Peer | None:
    try:
        number = msgspec.convert(_digits(view.number), AnyDeskNumber)
    except msgspec.ValidationError:
        return None
    how = view.accepted_by if view.accepted_by in _HOW_ACCEPTED else "unknown"
    return Peer(
        number=number,
        accepted_by=cast(Literal["user", "password", "token", "unknown"], how),
        connected_at=_time(view.since) or fallback,
        disconnected_at=_time(view.until),
    )


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isascii() and c.isdigit())


def _time(text: str) -> str | None:
    try:
        return msgspec.convert(text, Timestamp)
    except msgspec.ValidationError:
        return None


def _checked(record: R) -> R:
    """Read a record back through the type of all records; a shape that no backend takes is a fault of ours."""
    try:
        back: Any = decode(canonical_bytes(record), cast(Any, Record))
    except MalformedError as error:
        raise CustomerError(ErrorCode.INTERNAL, f"record: {error.code}") from error
    if hash_of(back) != hash_of(record):
        raise CustomerError(ErrorCode.INTERNAL, "record: it changes when it is read back")
    return record
