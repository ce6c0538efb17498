"""The newest signed list of programs that this computer has seen, so that no older one is put in its place.

Rule: a missing file means that none was seen (a first start); a file that is there and cannot be read is an error,
never "none". It goes when the program is removed; until then the remedy is to remove the program and download it again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from client_app.core.errors import CustomerError, ErrorCode
from client_app.services.files import make_private_folder, write_atomically
from consent_record.canonical import canonical_bytes, decode
from consent_record.errors import MalformedError
from consent_record.fields import KeyHex

_LIMIT_BYTES = 4096


class _Seen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal[1] = 1
    root: KeyHex
    sequence: Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]


class SeenLists:
    """What is remembered in one small file: the root and the largest sequence of a list that held under it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def newest(self, root_key: str) -> int:
        """Return the largest sequence seen under a root, 0 for none.

        Lists of another root count for themselves: a program with another root is another company's, and comparing
        its numbers with these would make no sense.

        Raises:
            CustomerError: LIST_UNTRUSTED: what was remembered cannot be read.
        """
        try:
            with self._file.open("rb") as stream:
                seen = decode(stream.read(_LIMIT_BYTES), _Seen)
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise _unusable(f"cannot be read: {type(error).__name__}") from error
        except MalformedError as error:
            raise _unusable("is damaged") from error
        return seen.sequence if seen.root == root_key else 0

    def note(self, root_key: str, sequence: int) -> None:
        """Remember a list that held, durably, unless a newer one is remembered.

        Raises:
            CustomerError: LIST_UNTRUSTED as `newest`; FOLDER_NOT_WRITABLE: it cannot be stored.
        """
        if self._file.exists() and self.newest(root_key) >= sequence:
            return
        try:
            make_private_folder(self._file.parent)
            write_atomically(self._file, canonical_bytes(_Seen(root=root_key, sequence=sequence)))
        except OSError as error:
            raise CustomerError(
                ErrorCode.FOLDER_NOT_WRITABLE, f"list memory: {type(error).__name__}"
            ) from error


def _unusable(what: str) -> CustomerError:
    return CustomerError(
        ErrorCode.LIST_UNTRUSTED,
        f"the memory of lists {what}: remove the program and its data, download it again",
    )
