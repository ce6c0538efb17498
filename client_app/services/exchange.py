"""What an HTTP exchange ends with: a whole answer or one of four failures. Without any library, so it loads at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


class ExchangeError(Exception):
    """The exchange failed before there was a whole answer."""


class TlsError(ExchangeError):
    """The other side could not prove who it is, or the connection could not be made private."""


class AnswerTooLargeError(ExchangeError):
    """The answer is larger than the limit, or encoded in a way that was not asked for."""


class UnusableAddressError(ExchangeError):
    """The address or the proxy cannot be used at all."""


@dataclass(frozen=True)
class RawAnswer:
    """Status, headers by lower-case name, and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
