"""Details of the customer and their validation as one types."""

import enum
import re
from dataclasses import dataclass

from client_app.core.errors import ErrorCode

# The pattern of HTML's <input type=email> (WHATWG, "valid e-mail address"), plus a dot in the domain: a customer's
# address without one is a slip.
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)+"
)
LINE_LIMIT = 200


class CustomerKind(enum.Enum):
    """Consumers get the early-start tick and the withdrawal information."""

    CONSUMER = "consumer"
    BUSINESS = "business"


class Field(enum.Enum):
    """Fields of the details page; the value is the control's name."""

    KIND = "kind"
    NAME = "name"
    COMPANY = "company"
    NIP = "nip"
    EMAIL = "email"
    ADDRESS = "address"


@dataclass(frozen=True)
class Person:
    """What the customer typed or confirmed; empty fields are empty strings, `kind` is None until chosen."""

    kind: CustomerKind | None = None
    name: str = ""
    email: str = ""
    address: str = ""
    company: str = ""
    nip: str = ""

    def problems(self) -> dict[Field, ErrorCode]:
        """Return what is missing or wrong, by field; empty when the details are complete."""
        found: dict[Field, ErrorCode] = {}
        if self.kind is None:
            found[Field.KIND] = ErrorCode.KIND_MISSING
        if not self.name.strip():
            found[Field.NAME] = ErrorCode.NAME_MISSING
        if not _EMAIL.fullmatch(self.email.strip()):
            found[Field.EMAIL] = ErrorCode.EMAIL_WRONG
        if not self.address.strip():
            found[Field.ADDRESS] = ErrorCode.ADDRESS_MISSING
        if self.kind is CustomerKind.BUSINESS:
            if not self.company.strip():
                found[Field.COMPANY] = ErrorCode.COMPANY_MISSING
            if not is_nip(self.nip):
                found[Field.NIP] = ErrorCode.NIP_WRONG
        for field in (Field.NAME, Field.EMAIL, Field.ADDRESS, Field.COMPANY):
            if len(getattr(self, field.value)) > LINE_LIMIT:
                found[field] = ErrorCode.TOO_LONG
        return found


def is_nip(text: str) -> bool:
    """Tell whether `text` is a Polish tax number (ten digits, checksum; blanks, hyphens and PL allowed)."""
    from stdnum.pl import nip  # only a business needs it, so it stays out of the start

    return bool(nip.is_valid(text))
