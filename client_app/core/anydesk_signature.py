"""Code signatures as the rest of the program knows them: a closed set of outcomes, and the port to the system's check.

Rule: only VALID opens the way, and NOT_APPLICABLE where a system signs no programs; what is not understood does not.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from client_app.core.anydesk_system import HeldFile


class SignatureOutcome(enum.Enum):
    """What the system says of a file's code signature."""

    VALID = "valid"
    """The file is as its signer left it, and the signer is the expected one."""
    UNSIGNED = "unsigned"
    INVALID = "invalid"
    """Changed after signing, expired without a time stamp, or not certified by an authority that the system trusts."""
    REVOKED = "revoked"
    """Withdrawn by its authority, distrusted by the system, or one that this program refuses by name."""
    WRONG_SIGNER = "wrong_signer"
    NOT_APPLICABLE = "not_applicable"
    """This system has no signatures of programs."""
    UNKNOWN = "unknown"
    """The system could not tell, or said something that is not understood."""


@dataclass(frozen=True)
class SignatureFinding:
    """Outcome of one check.

    Attributes:
        outcome: the answer.
        signer_untrusted: who signed, as the certificate says it.
        is_revocation_known: False when no list of withdrawn certificates could be had, neither new nor stored.
    """

    outcome: SignatureOutcome
    signer_untrusted: str = ""
    is_revocation_known: bool = True


class SignatureChecker(Protocol):
    """The system's check of code signatures."""

    @property
    def maker(self) -> str:
        """Who signs AnyDesk on this system, in the form that `check` compares; "" where nobody does."""
        ...

    def check(self, file: HeldFile, signer: str, *, online: bool) -> SignatureFinding:
        """Check the open file itself.

        Args:
            file: opened so that nobody can exchange it.
            signer: the only signer who is right, in the system's form; "" when anybody is.
            online: whether the system may ask the network for lists of withdrawn certificates, which may take long.
                Without it the answer comes within a second or two.
        """
        ...
