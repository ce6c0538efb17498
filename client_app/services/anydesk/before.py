"""How the computer was before the session, so that every difference is seen and nothing foreign is blamed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from client_app.core.anydesk_system import AnyDeskSystem, DataPlaces, PersistentEntry, ProcessIdentity
from client_app.services.anydesk.settings import (
    UnreadableSettingsError,
    has_password,
    profile_names,
    read_settings,
)

_NAME = "anydesk"


@dataclass(frozen=True)
class Before:
    """The state before the start; None where it could not be read.

    Attributes:
        foreign: processes of any AnyDesk that is not ours (the customer's own, another firm's).
        profiles: names of the permission profiles in our client's settings.
        has_password: whether a password for access without the customer was set in them.
    """

    foreign: tuple[ProcessIdentity, ...]
    services: frozenset[PersistentEntry] | None
    autostarts: frozenset[PersistentEntry] | None
    profiles: frozenset[str] | None
    has_password: bool | None = None


def look_before(system: AnyDeskSystem, places: DataPlaces, own_prefix: str) -> Before:
    """Return the state before the start.

    Args:
        system: this system's half.
        places: where our client keeps its settings.
        own_prefix: what the image path of each of our processes begins with.
    """
    services, autostarts = system.persistence.services(), system.persistence.autostarts()
    return Before(
        foreign=foreign_anydesk(system, own_prefix),
        services=None if services is None else frozenset(services),
        autostarts=None if autostarts is None else frozenset(autostarts),
        profiles=read_profiles(places),
        has_password=_read_password(places),
    )


def foreign_anydesk(system: AnyDeskSystem, own_prefix: str) -> tuple[ProcessIdentity, ...]:
    """Return the processes of every AnyDesk that is not ours; looked at, never touched.

    Those that are known to work for another home folder (a test run beside this one) are no part of this desktop.
    """
    images = (process.identity for process in system.processes.everything())
    foreign = [one for one in images if is_anydesk_image(one.image) and not one.image.startswith(own_prefix)]
    return tuple(one for one in foreign if system.processes.home_of(one.pid) in (system.home, None))


def is_anydesk_image(image: str) -> bool:
    """Whether an executable's file name is that of an AnyDesk client, standard or custom."""
    # Both kinds of separators, so that the function means the same on every system.
    return PurePath(image.replace("\\", "/")).name.lower().startswith(_NAME)


def read_profiles(places: DataPlaces) -> frozenset[str] | None:
    """Return the permission profiles in our client's settings, None when they cannot be read."""
    try:
        return profile_names(read_settings(places) or {})
    except UnreadableSettingsError:
        return None


def _read_password(places: DataPlaces) -> bool | None:
    try:
        return has_password(read_settings(places) or {})
    except UnreadableSettingsError:
        return None
