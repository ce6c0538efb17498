"""What one run of the client knows of its case. Lives in memory only: it ends with the program.

Rule: the case secret and the nonce are written nowhere but into the one private file of a restart that the customer
agreed to (`services.returning`); the token only there and beside records that need it to be sent later
(`services.outbox`).
"""

from __future__ import annotations

import secrets
import threading
import uuid
from dataclasses import dataclass, field

from client_app.core.errors import CustomerError, ErrorCode
from consent_record.case import CaseStatement, SignedCaseStatement
from consent_record.records import SystemFamily


@dataclass(frozen=True)
class JoinedCase:
    """A case whose signed statement was checked. `statement_hash` is the SHA-256 of the statement's canonical form."""

    statement: CaseStatement
    statement_hash: str
    words: tuple[str, ...]
    token: str = field(repr=False)
    signed: SignedCaseStatement | None = field(default=None, repr=False)
    """The statement with its signature, to be checked anew after a restart."""

    @property
    def case_id(self) -> str:
        """The case."""
        return self.statement.case_id


class Run:
    """One run of the client. Safe from several threads."""

    def __init__(self, *, system: SystemFamily, client_version: str) -> None:
        """Begin a run with a new id and a new nonce (32 random bytes, hexadecimal)."""
        self.run_id = str(uuid.uuid4())
        self.nonce = secrets.token_hex(32)
        self.system = system
        self.client_version = client_version
        self._lock = threading.Lock()
        self._case: JoinedCase | None = None
        self._case_secret: str | None = None
        self._is_word_confirmed = False

    def __repr__(self) -> str:
        return f"Run({self.run_id})"

    def restore(self, run_id: str, nonce: str, case: JoinedCase, case_secret: str | None) -> None:
        """Become the run that was there before a restart; whoever calls has checked all of it anew.

        Raises:
            CustomerError: INTERNAL: this run has a case already.
        """
        with self._lock:
            if self._case is not None:
                raise CustomerError(ErrorCode.INTERNAL, "a run with a case cannot become another one")
            self.run_id, self.nonce = run_id, nonce
            self._case, self._case_secret, self._is_word_confirmed = case, case_secret, True

    def secret_or_none(self) -> str | None:
        """Return the case secret if one came with the right word."""
        with self._lock:
            return self._case_secret if self._is_word_confirmed else None

    def begin_case(self, case: JoinedCase) -> None:
        """Note a joined case. What was confirmed for another one does not count for it."""
        with self._lock:
            if self._case is None or self._case.case_id != case.case_id:
                self._case_secret, self._is_word_confirmed = None, False
            self._case = case

    def confirm_word(self, case_id: str, case_secret: str | None) -> None:
        """Note that the backend called the word right for this case."""
        with self._lock:
            if self._case is not None and self._case.case_id == case_id:
                self._is_word_confirmed, self._case_secret = True, case_secret

    def case(self) -> JoinedCase:
        """Return the case.

        Raises:
            CustomerError: INTERNAL: none was joined; the flow asks for nothing of the kind before.
        """
        with self._lock:
            if self._case is None:
                raise CustomerError(ErrorCode.INTERNAL, "no case was joined in this run")
            return self._case

    def confirmed_case(self) -> JoinedCase:
        """Return the case whose code and word were confirmed online in this run.

        Raises:
            CustomerError: NO_PERMISSION: there is none.
        """
        with self._lock:
            if self._case is None or not self._is_word_confirmed:
                raise CustomerError(ErrorCode.NO_PERMISSION, "code and word were not confirmed in this run")
            return self._case

    def case_secret(self) -> str:
        """Return the case secret, 32 bytes in hexadecimal.

        Raises:
            CustomerError: NO_PERMISSION: the word was not confirmed online in this run, or no secret came with it.
        """
        with self._lock:
            if not self._is_word_confirmed or self._case_secret is None:
                raise CustomerError(ErrorCode.NO_PERMISSION, "no case secret in this run")
            return self._case_secret
