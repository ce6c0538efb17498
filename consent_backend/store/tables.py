"""The tables. Times are UTC text (`fields.Timestamp`), structures are JSON text of types in consent_record.

Personal data stands in `records` (for as long as the law wants) and, while a case is open, in the columns of
`cases` that `wipe` in store/cases.py empties. Network addresses never stand here: `rate_limits` holds keyed
hashes of them for minutes.
"""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

TECHNICIANS = Table(
    "technicians",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("sign_in_name", String(64), nullable=False, unique=True),
    Column("display_name", String(200), nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("must_change_password", Boolean, nullable=False),
    Column("anydesk_numbers", Text, nullable=False),
    Column("created_at", String(27), nullable=False),
)

CONSOLE_SESSIONS = Table(
    "console_sessions",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("technician_id", ForeignKey("technicians.id"), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("created_at", String(27), nullable=False),
    Column("seen_at", String(27), nullable=False),
    Column("expires_at", String(27), nullable=False),
)

CASES = Table(
    "cases",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("technician_id", ForeignKey("technicians.id"), nullable=False),
    Column("state", String(20), nullable=False),
    Column("code", String(9), unique=True),
    Column("language", String(2), nullable=False),
    Column("problem", Text, nullable=False),
    Column("phone", String(200), nullable=False),
    Column("planned_at", String(27), nullable=False),
    Column("price", Text, nullable=False),
    Column("draft", Text),
    Column("word", String(64), nullable=False),
    Column("words", Text, nullable=False),
    Column("nonce", String(64)),
    Column("token_hash", String(64), unique=True),
    Column("former_token_hash", String(64), unique=True),
    Column("case_secret", String(64)),
    Column("created_at", String(27), nullable=False),
    Column("expires_at", String(27), nullable=False),
    Column("updated_at", String(27), nullable=False),
    Column("ended_at", String(27)),
    Column("ended_by", String(20)),
    Column("step", String(64)),
    Column("step_state", String(20)),
    Column("step_at", String(27)),
    Column("step_code", String(200), nullable=False),
    Column("step_missing", Text, nullable=False),
    Column("asks_no_backup", Boolean, nullable=False),
    Column("no_backup_agreed", Boolean, nullable=False),
    Column("end_requested", Boolean, nullable=False),
    Column("anydesk_number", String(12)),
    Column("peer_number", String(12)),
    Column("consent_id", String(36)),
    Column("consent_hash", String(64)),
    Column("record_count", Integer, nullable=False),
)
Index("ix_cases_updated_at", CASES.c.updated_at)
Index("ix_cases_state", CASES.c.state)

CASE_STATEMENTS = Table(
    "case_statements",
    METADATA,
    Column("hash", String(64), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("issued_at", String(27), nullable=False),
    Column("basis", String(64), nullable=False),
    Column("signed", LargeBinary, nullable=False),
)

CASE_EVENTS = Table(
    "case_events",
    METADATA,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("event_id", String(36), nullable=False),
    Column("source", String(20), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("at", String(27), nullable=False),
    Column("received_at", String(27), nullable=False),
    Column("detail", String(200), nullable=False),
    UniqueConstraint("case_id", "event_id"),
    sqlite_autoincrement=True,
)

OFFLINE_ACCEPTANCES = Table(
    "offline_acceptances",
    METADATA,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("code", String(13), primary_key=True),
    Column("answered_at", String(27), nullable=False),
    Column("record_id", String(36)),
)

RECORDS = Table(
    "records",
    METADATA,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("record_id", String(36), nullable=False, unique=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("record_hash", String(64), nullable=False),
    Column("late", Boolean, nullable=False),
    Column("stored_at", String(27), nullable=False),
    Column("canonical", LargeBinary, nullable=False),
    Column("receipt", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

DOCUMENTS = Table(
    "documents",
    METADATA,
    Column("document_id", String(36), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("language", String(2), nullable=False),
    Column("version", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("published_at", String(27), nullable=False),
    Column("withdrawn_at", String(27)),
    Column("content", LargeBinary, nullable=False),
    Column("signed", LargeBinary, nullable=False),
    UniqueConstraint("kind", "language", "version"),
)

RATE_LIMITS = Table(
    "rate_limits",
    METADATA,
    Column("key", String(64), primary_key=True),
    Column("window_ends", String(27), nullable=False),
    Column("count", Integer, nullable=False),
)

ALERTS = Table(
    "alerts",
    METADATA,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("at", String(27), nullable=False),
    Column("detail", String(200), nullable=False),
    Column("seen_at", String(27)),
    Column("seen_by", String(36)),
    sqlite_autoincrement=True,
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("at", String(27), nullable=False),
    Column("technician_id", String(36)),
    Column("act", String(64), nullable=False),
    Column("case_id", String(36)),
    Column("detail", String(200), nullable=False),
    sqlite_autoincrement=True,
)
