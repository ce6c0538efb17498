"""What client and backend say to each other under /v1: one set of types for both, unknown fields refused."""

import enum

import msgspec

from consent_record.case import SignedCaseStatement
from consent_record.documents import PublishedDocument
from consent_record.fields import AnyDeskNumber, HashHex, Identifier, Language, Line, Slug, Timestamp
from consent_record.records import PersonKind, SystemFamily

BODY_LIMIT_BYTES = 256 * 1024
"""Largest request body that the backend reads."""

ANSWER_LIMIT_BYTES = 2 * 1024 * 1024
"""Largest answer that the client reads."""


class ProblemCode(enum.Enum):
    """Stable codes of the API's problem+json answers (RFC 9457)."""

    MALFORMED = "request.malformed"
    SHAPE = "request.shape"
    NOT_UTF8 = "request.not_utf8"
    TOO_LARGE = "request.too_large"
    NOT_FOUND = "request.not_found"
    METHOD = "request.method"
    MEDIA_TYPE = "request.media_type"
    RATE_LIMITED = "request.rate_limited"
    TOKEN = "case.token"
    CODE_UNKNOWN = "case.code_unknown"
    CODE_USED = "case.code_used"
    CODE_EXPIRED = "case.code_expired"
    CASE_FROZEN = "case.frozen"
    CASE_ENDED = "case.ended"
    WORD_NEEDED = "case.word_needed"
    REOPEN_OVER = "case.reopen_over"
    RECORD_CONFLICT = "record.conflict"
    RECORD_CASE = "record.other_case"
    RECORD_HASH = "record.wrong_hash"
    RECORD_INCOMPLETE = "record.incomplete"
    RECORD_UNKNOWN = "record.unknown"
    DOCUMENT_UNKNOWN = "document.unknown"
    DOCUMENT_WITHDRAWN = "document.withdrawn"
    DOCUMENT_OUTDATED = "document.outdated"
    DOCUMENT_HASH = "document.wrong_hash"
    PRICE_DIFFERS = "record.price_differs"
    NO_DOCUMENTS = "document.none_published"
    BUSY = "server.busy"
    INTERNAL = "server.internal"
    UNEXPECTED = "unexpected"


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """An error answer (RFC 9457). Unlike everything else it tolerates unknown members, as the RFC demands."""

    type: str = "about:blank"
    title: str = ""
    status: int = 0
    code: str = ""
    detail: str = ""


class CaseState(enum.Enum):
    """State of a case at the backend."""

    OPEN = "open"
    JOINED = "joined"
    WORD_CONFIRMED = "word_confirmed"
    ORDERED = "ordered"
    IN_SESSION = "in_session"
    POSTPONED = "postponed"
    FROZEN = "frozen"
    REFUSED = "refused"
    ENDED = "ended"
    UNEXPECTED = "unexpected"


class Health(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answer of GET /v1/health."""

    status: str
    version: str
    server_time: Timestamp


class CurrentDocuments(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answer of GET /v1/documents: every version in force, all languages, with content."""

    documents: tuple[PublishedDocument, ...]
    server_time: Timestamp


class JoinRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of POST /v1/cases/join: exchanges the code once for a token. `nonce` is 32 random bytes as hex.

    The same code with the same nonce gives the same case again (an answer may be lost on the way).
    """

    code: str
    nonce: HashHex
    client_version: Line
    system: SystemFamily
    language: Language


class JoinAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Case token (256 bits as hex; later sent as `Authorization: Bearer`), nine words, signed statement."""

    case_id: Identifier
    token: HashHex
    words: tuple[Line, ...]
    statement: SignedCaseStatement


class WordRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of POST /v1/cases/{case_id}/word: the word that the customer picked, or none of them."""

    word: Line


class WordOutcome(enum.Enum):
    """What the backend says to the picked word."""

    RIGHT = "right"
    FROZEN = "frozen"
    UNEXPECTED = "unexpected"


class PersonDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the technician knows of the customer so far; shown only after the right word."""

    kind: PersonKind | None = None
    name: Line = ""
    email: Line = ""
    address: Line = ""
    company: Line = ""
    nip: Line = ""


class WordAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Outcome and, when right, the details known so far and the case secret for an offline acceptance."""

    outcome: WordOutcome
    details: PersonDraft | None = None
    case_secret: HashHex | None = None


class StepState(enum.Enum):
    """What the customer's page is doing."""

    SHOWN = "shown"
    WAITING = "waiting"
    PROBLEM = "problem"
    DONE = "done"


class StepReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of PUT /v1/cases/{case_id}/step. `code` is one like K-21; `missing` names the open controls."""

    step: Slug
    state: StepState
    at: Timestamp
    code: Line = ""
    missing: tuple[Slug, ...] = ()
    asks_no_backup: bool = False


class CaseStatus(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answer of PUT step, POST events and GET /v1/cases/{case_id}: what the technician's side decided."""

    state: CaseState
    no_backup_agreed: bool = False
    end_requested: bool = False
    restart_requested: Timestamp | None = None
    """When the technician asked for a restart of the computer, until that is answered."""
    server_time: Timestamp


class ReopenRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of POST /v1/cases/{case_id}/reopen: after an accidental end the customer wants to go on.

    `ended_record` is the hash of the `session_end` that is to be followed by another start.
    """

    consent_id: Identifier
    ended_record: HashHex


class ReopenAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Nine new words; the technician sees which one to say. `until` is when the time for it is over."""

    words: tuple[Line, ...]
    until: Timestamp


class EventKind(enum.Enum):
    """Events of a session, for the console's live view."""

    ANYDESK_STARTED = "anydesk_started"
    ANYDESK_NUMBER = "anydesk_number"
    SOMEONE_ASKS = "someone_asks"
    CONNECTED = "connected"
    DISCONNECTED = "disconnected"
    STRANGER = "stranger"
    ENDED = "ended"
    CLOSED_PROVEN = "closed_proven"
    NOT_CLOSED = "not_closed"
    NOT_THEM = "not_them"
    POSTPONED = "postponed"
    REMOVED = "removed"
    RESTARTING = "restarting"
    RESTART_DECLINED = "restart_declined"
    RESTART_FAILED = "restart_failed"
    RETURNED = "returned"
    REOPEN_GIVEN_UP = "reopen_given_up"
    PRESENCE_ASKED = "presence_asked"
    PRESENCE_EXTENDED = "presence_extended"
    PRESENCE_CONFIRMED = "presence_confirmed"
    PRESENCE_NOT_COUNTED = "presence_not_counted"
    """Another program answered (AnyDesk hands the technician's mouse on): that does not count."""
    PRESENCE_UNANSWERED = "presence_unanswered"
    """Nobody has answered; the session ends in a minute or less."""
    SCREEN_LOCKED = "screen_locked"
    SCREEN_UNLOCKED = "screen_unlocked"
    LOGGED_OFF = "logged_off"
    SIGNALS_DISAGREE = "signals_disagree"
    NO_NETWORK = "no_network"
    SETTINGS_UNKNOWN = "settings_unknown"
    RATING = "rating"


class AnyDeskSetting(enum.Enum):
    """Settings of the company's AnyDesk that could not be read before the start."""

    ACCESS_LIST = "access_list"
    UNATTENDED_PASSWORD = "unattended_password"
    ASKS_ALWAYS = "asks_always"
    BLOCK_INPUT = "block_input"
    PRIVACY_FEATURE = "privacy_feature"
    RECORD_SESSION = "record_session"
    TCP_TUNNEL = "tcp_tunnel"
    VPN = "vpn"
    FILE_MANAGER = "file_manager"
    OTHER = "other"


class SessionEvent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of POST /v1/cases/{case_id}/events; the same `event_id` twice is stored once.

    `settings` belong to the kind `settings_unknown` and to no other.
    """

    event_id: Identifier
    kind: EventKind
    at: Timestamp
    anydesk_number: AnyDeskNumber | None = None
    peer_number: AnyDeskNumber | None = None
    code: Line = ""
    rating: int | None = None
    settings: tuple[AnyDeskSetting, ...] | msgspec.UnsetType = msgspec.UNSET
