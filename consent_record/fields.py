"""Field types with their limits: what may stand in a record, so that bad input is refused at the door."""

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

HashHex = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
"""SHA-256 in lower-case hexadecimal (one spelling only, so that equal means equal bytes)."""

KeyHex = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
"""Ed25519 public key, 32 bytes in lower-case hexadecimal."""

SignatureHex = Annotated[str, Meta(pattern=r"^[0-9a-f]{128}\Z")]
"""Ed25519 signature, 64 bytes in lower-case hexadecimal."""

Identifier = Annotated[str, Meta(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\Z")]
"""UUID in its canonical lower-case text form (RFC 9562)."""

Timestamp = Annotated[
    str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z\Z")
]
"""UTC time in RFC 3339 form with a capital Z; text, because its exact bytes are hashed. ASCII digits only."""

DateOrNothing = Annotated[str, Meta(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?\Z")]
"""ISO 8601 date, or an empty text where none was given."""

NipOrNothing = Annotated[str, Meta(pattern=r"^([0-9]{10})?\Z")]
"""Polish tax number (NIP), ten digits without hyphens, or an empty text."""

Seconds = Annotated[int, Meta(ge=0, le=100_000_000)]
"""A duration in whole seconds."""

Language = Annotated[str, Meta(pattern=r"^[a-z]{2}\Z")]
"""ISO 639-1 code."""

Currency = Annotated[str, Meta(pattern=r"^[A-Z]{3}\Z")]
"""ISO 4217 code."""

Slug = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}\Z")]
"""Name made by a program (a control, a step, a fact), never typed by a person."""

AnyDeskNumber = Annotated[str, Meta(pattern=r"^[0-9]{6,12}\Z")]
"""AnyDesk address, digits only (nine or ten today)."""

Line = Annotated[str, Meta(max_length=200)]
"""One line typed by a person."""

Paragraph = Annotated[str, Meta(max_length=2000)]
"""A few sentences: a declaration's exact text, a problem in words."""

Amount = Annotated[int, Meta(ge=0, le=100_000_000)]
"""Money in the currency's smallest unit (grosz, cent)."""


def timestamp(moment: datetime | None = None) -> str:
    """Return `moment` (aware; now when left out) as a `Timestamp` with microseconds."""
    moment = moment or datetime.now(UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(text: str) -> datetime:
    """Return the aware datetime of a `Timestamp`.

    Raises:
        ValueError: the pattern fits, but it is no date (a 13th month).
    """
    return datetime.fromisoformat(text.removesuffix("Z") + "+00:00")
