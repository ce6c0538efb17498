"""What every request handler reaches for, gathered in one place at start."""

from dataclasses import dataclass
from typing import Any

from litestar.connection import ASGIConnection

from consent_backend.addresses import Network, guesser_of
from consent_backend.feed import Feed
from consent_backend.keyring import Keyring
from consent_backend.store.store import Store


@dataclass(frozen=True)
class Office:
    """The running backend.

    Attributes:
        store: the database.
        keyring: the keys.
        feed: tells consoles which cases changed.
        public_url: where clients and browsers reach it, without a slash at the end.
        proxies: who may say in X-Forwarded-For for whom it asks.
    """

    store: Store
    keyring: Keyring
    feed: Feed
    public_url: str
    proxies: tuple[Network, ...] = ()

    @property
    def is_https(self) -> bool:
        """Whether browsers come by TLS (cookies are then marked Secure)."""
        return self.public_url.startswith("https://")


def office_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Office:
    """Return the office of the application that serves a request."""
    office: Office = connection.app.state.office
    return office


def address_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return the network address of the other side, for the limits against guessing only."""
    client = connection.client
    if client is None:
        return "unknown"
    forwarded = connection.headers.getall("x-forwarded-for", [])
    return guesser_of(client.host, forwarded, office_of(connection).proxies)
