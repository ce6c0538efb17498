"""What technicians type into forms, read as people write it: `120,00`, `12:30`, numbers with blanks."""

import re
from datetime import UTC, datetime

import msgspec

from consent_backend.acts.technician_cases import NewCase
from consent_backend.console.texts import language_of
from consent_backend.problems import N_, ApiError, ConsoleCode
from consent_record.case import Price
from consent_record.records import PersonKind
from consent_record.wire import PersonDraft

_AMOUNT = re.compile(r"(\d{1,7})(?:[.,](\d{1,2}))?")


def amount_of(text_untrusted: str) -> int:
    """Return an amount in the smallest unit from `120`, `120,5` or `120.50`.

    Raises:
        ApiError: `console.bad_input`.
    """
    match = _AMOUNT.fullmatch("".join(text_untrusted.split()))
    if match is None or not match[0].isascii():
        raise ApiError(ConsoleCode.BAD_INPUT, N_("write the price like 120,00"))
    return int(match[1]) * 100 + int((match[2] or "").ljust(2, "0") or 0)


def time_of(text_untrusted: str) -> datetime:
    """Return the moment of an input of the type datetime-local, in the server's time zone; empty means now.

    Raises:
        ApiError: `console.bad_input`.
    """
    if not text_untrusted:
        return datetime.now(UTC)
    try:
        return datetime.fromisoformat(text_untrusted).replace(tzinfo=None).astimezone(UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ApiError(ConsoleCode.BAD_INPUT, N_("the planned time is no date")) from error


def new_case_of(fields: dict[str, str]) -> NewCase:
    """Read the form of a new case.

    Raises:
        ApiError: `console.bad_input`.
    """
    text = {name: fields.get(name, "").strip() for name in _TEXTS}
    kind = fields.get("kind", "")
    try:
        price = msgspec.convert(
            {"amount": amount_of(fields.get("amount", "")), "description": text["price_for"]}, Price
        )
        draft = msgspec.convert(
            {
                "kind": kind if kind in {k.value for k in PersonKind} else None,
                **{name: text[name] for name in ("name", "email", "address", "company")},
                "nip": text["nip"].replace("-", "").replace(" ", ""),
            },
            PersonDraft,
        )
    except msgspec.ValidationError as error:
        raise ApiError(ConsoleCode.BAD_INPUT, N_("a text is longer than 200 characters")) from error
    if len(text["problem"]) > 500 or len(text["phone"]) > 50:
        raise ApiError(ConsoleCode.BAD_INPUT, N_("problem or phone number are too long"))
    return NewCase(
        problem=text["problem"],
        phone=text["phone"],
        planned_at=time_of(fields.get("planned_at", "")),
        price=price,
        draft=draft,
        language=language_of(fields.get("language")),
    )


_TEXTS = ("problem", "phone", "price_for", "name", "email", "address", "company", "nip")
