"""Records: what happened in a case, in versioned types. Fields and their reasons: docs/protocol.md.

A record made by the client is hashed in its canonical form; the backend adds nothing to it. Records of a
refusal carry no name and no e-mail by construction: their types have no such field.
"""

import enum
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from consent_record.case import Price
from consent_record.documents import DocumentRef
from consent_record.fields import (
    AnyDeskNumber,
    DateOrNothing,
    HashHex,
    Identifier,
    Language,
    Line,
    NipOrNothing,
    Paragraph,
    Seconds,
    Slug,
    Timestamp,
)


class SystemFamily(enum.Enum):
    """The only thing a record says about the computer."""

    WINDOWS = "windows"
    MACOS = "macos"
    LINUX = "linux"
    OTHER = "other"


class PersonKind(enum.Enum):
    """Consumers have rights that businesses have not (early start, withdrawal)."""

    CONSUMER = "consumer"
    BUSINESS = "business"


class InputMethod(enum.Enum):
    """How a control was operated."""

    MOUSE = "mouse"
    KEYBOARD = "keyboard"
    TOUCH = "touch"
    ASSISTIVE = "assistive"
    UNKNOWN = "unknown"


class InputOrigin(enum.Enum):
    """Whether the system says that the input came from a device at this computer."""

    LOCAL = "local"
    INJECTED = "injected"
    UNKNOWN = "unknown"


class BackupKind(enum.Enum):
    """The customer's answer on the backup step."""

    HAVE_ONE = "have_one"
    MADE_NOW = "made_now"
    NONE_AGREED = "none_agreed"


class Acceptance(enum.Enum):
    """Whether the backend answered before the session started, or the technician's console did by phone."""

    ONLINE = "online"
    OFFLINE = "offline"


class Person(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who accepts, as typed and confirmed. `nip` is the Polish tax number, ten digits, for businesses."""

    kind: PersonKind
    name: Line
    email: Line
    address: Line = ""
    company: Line = ""
    nip: NipOrNothing = ""


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One deliberate act on a control, and every exact text that it covered."""

    control: Slug
    at: Timestamp
    method: InputMethod
    origin: InputOrigin
    texts: tuple[Paragraph, ...]
    checked: bool = True


class Display(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a document was on the screen. Reading is recorded, never forced."""

    document: DocumentRef
    first_shown_at: Timestamp
    seconds_shown: Seconds
    scrolled_to_end: bool
    saved: bool = False
    printed: bool = False
    bundled_copy: bool = False


class Backup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The backup choice, nothing about the backup itself; `made_on` is what the customer said."""

    kind: BackupKind
    made_on: DateOrNothing = ""


class _Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    record_version: Literal[1] = 1
    record_id: Identifier
    case_id: Identifier
    run_id: Identifier
    created_at: Timestamp
    client_version: Line
    system: SystemFamily
    language: Language


class Consent(
    _Record, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="consent"
):
    """The order: every declaration of the customer, with the exact texts, documents and price."""

    provider: Line
    technician_id: Identifier
    technician_name: Line
    statement_hash: HashHex
    problem: Paragraph
    person: Person
    documents: tuple[DocumentRef, ...]
    displays: tuple[Display, ...]
    acts: tuple[Act, ...]
    price: Price
    button_label: Line
    recording: Literal["none"] = "none"
    backup: Backup
    acceptance: Acceptance = Acceptance.ONLINE
    previous_record: HashHex | None = None


class Refusal(
    _Record, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="refusal"
):
    """The customer did not order: on which step and how it ended. Holds no name and no e-mail."""

    step: Slug
    reason: Literal["refused", "not_them", "wrong_word", "timed_out", "postponed"]
    documents: tuple[DocumentRef, ...] = ()


class Restart(
    _Record, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="restart"
):
    """The restart button was pressed; `acts.is_deliberate` says whether that counts (an injected press does not)."""

    consent_id: Identifier
    consent_hash: HashHex
    act: Act


class Reopening(
    _Record, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="reopening"
):
    """The customer lets AnyDesk be started once more under the same consent, on the same terms and price.

    `previous_record` is the hash of what came before: of the agreed `restart`, or of the `session_end` of the session
    that ended by accident.
    """

    consent_id: Identifier
    consent_hash: HashHex
    reason: Literal["restart", "accidental"]
    previous_record: HashHex
    act: Act


class Peer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who was connected: AnyDesk number, how the connection was accepted, from when to when."""

    number: AnyDeskNumber
    accepted_by: Literal["user", "password", "token", "unknown"]
    connected_at: Timestamp
    disconnected_at: Timestamp | None = None


class SessionStart(
    _Record, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="session_start"
):
    """AnyDesk was started under a consent.

    `reopening_id` and `reopening_hash` name the record under which it was started once more; a first start has neither
    field, so that records from before there were reopenings keep their bytes.
    """

    consent_id: Identifier
    consent_hash: HashHex
    acceptance: Acceptance
    anydesk_sha256: HashHex
    reopening_id: Identifier | UnsetType = UNSET
    reopening_hash: HashHex | UnsetType = UNSET


class PresenceAnswer(enum.Enum):
    """What became of the question whether somebody is at the computer."""

    CONFIRMED = "confirmed"
    EXTENDED = "extended"
    NOT_COUNTED = "not_counted"
    UNANSWERED = "unanswered"


class PresenceEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer to that question, and where the press came from ("unknown": the system does not tell)."""

    at: Timestamp
    origin: InputOrigin
    answer: PresenceAnswer


class SessionEnd(
    _Record, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="session_end"
):
    """The session ended: by whom, who had been connected, and what the customer answered when asked for presence.

    `presence` came later: it is left out where nothing was asked, so that a record made before keeps its bytes.
    """

    consent_id: Identifier
    ended_by: Literal[
        "customer",
        "technician",
        "window",
        "clock",
        "no_connection",
        "absence",
        "logged_off",
        "anydesk",
        "stranger",
        "restart",
        "client_died",
        "unknown",
    ]
    peers: tuple[Peer, ...] = ()
    presence: Annotated[tuple[PresenceEntry, ...], Meta(min_length=1, max_length=256)] | UnsetType = UNSET


class ClosingFact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One measured fact after closing; `holds` is None where it could not be measured."""

    fact: Slug
    holds: bool | None
    measured_at: Timestamp


class ClosingProof(
    _Record, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="closing"
):
    """The list of facts that show that nobody can come back."""

    consent_id: Identifier
    facts: tuple[ClosingFact, ...]


Record = Consent | Refusal | SessionStart | SessionEnd | ClosingProof | Restart | Reopening
"""Any record; JSON tells them apart by `kind`."""
