"""Ending the ways back into this computer that appeared during the session: services, autostarts, passwords, copies.

Rule: only what starts our own client and was not there before the session. What cannot be ended stays for the facts to
show; nothing here claims that anything is gone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from client_app.core.anydesk_system import AnyDeskSystem, DataPlaces, PersistentEntry, ProcessIdentity
from client_app.services.anydesk.before import Before
from client_app.services.anydesk.ownership import Ownership
from client_app.services.anydesk.scrub import scrub_settings
from client_app.services.guardian.ending import CLIENT_DIED, end_members

MAX_ENTRIES = 20
"""Entries taken out in one pass; each may take some seconds."""


@dataclass(frozen=True)
class Ended:
    """What one pass ended.

    Attributes:
        entries: names of services and autostarts that are gone.
        processes: that were told to end.
        settings: how many settings (passwords, permission profiles) were taken out.
    """

    entries: tuple[str, ...] = ()
    processes: tuple[ProcessIdentity, ...] = ()
    settings: int = 0

    @property
    def is_any(self) -> bool:
        """Whether anything changed."""
        return bool(self.entries or self.processes or self.settings)


class WaysBack:
    """What appeared since the start, of ours and of others.

    Args:
        system: this system's half.
        ownership: tells which client is ours.
        before: how it was before the start.
        places: where our client keeps its settings.
    """

    def __init__(
        self, system: AnyDeskSystem, ownership: Ownership, before: Before, places: DataPlaces
    ) -> None:
        self._system, self._ownership, self._before, self._places = system, ownership, before, places
        # Programs that own entries started: what runs of them is ended, and looked for when the facts are measured.
        self._images: set[str] = set()

    def end(self) -> Ended:
        """End what is ours and new: first the entries, so that nothing restarts what is ended after them."""
        entries = []
        for entry in self._own_new()[:MAX_ENTRIES]:
            # Not the others that it starts as well: a shell, or the customer's own AnyDesk.
            self._images.update(filter(self._is_our_program, self._ownership.images(entry)))
            if self._system.persistence.disable(entry):
                entries.append(entry.name)
        processes: tuple[ProcessIdentity, ...] = ()
        if self.processes():
            ending = end_members(
                self.processes,
                lambda identity, force: self._system.processes.end(identity, force=force),
                None,
                CLIENT_DIED,
            )
            processes = tuple(dict.fromkeys((*ending.asked, *ending.forced)))
        return Ended(tuple(entries), processes, scrub_settings(self._places, self._before))

    def processes(self) -> tuple[ProcessIdentity, ...]:
        """Return the live processes of ours: of our private folder, of own entries, and of installed copies."""
        seen = (process.identity for process in self._system.processes.everything())
        return tuple(identity for identity in seen if self._is_ours(identity))

    def others_new(self) -> tuple[str, ...]:
        """Return the names of services and autostarts that appeared since the start and are not ours."""
        new = (entry for entry in self._new() if not self._is_own_entry(entry))
        return tuple(sorted({entry.name for entry in new}))

    def _own_new(self) -> list[PersistentEntry]:
        return [entry for entry in self._new() if self._is_own_entry(entry)]

    def _is_own_entry(self, entry: PersistentEntry) -> bool:
        return any(map(self._is_our_program, self._ownership.images(entry)))

    def _is_our_program(self, image: str) -> bool:
        return self._ownership.is_our_image(image) or self._ownership.has_our_bytes(image)

    def _new(self) -> list[PersistentEntry]:
        persistence, before = self._system.persistence, self._before
        return [
            *_appeared(persistence.services(), before.services),
            *_appeared(persistence.autostarts(), before.autostarts),
        ]

    def _is_ours(self, identity: ProcessIdentity) -> bool:
        image, ownership = identity.image, self._ownership
        if not image or identity in self._before.foreign:
            return False
        if image.startswith(ownership.roots) or any(ownership.same_image(image, one) for one in self._images):
            return True
        # A copy elsewhere under our client's own name: only where it works for this user's own files.
        return (
            ownership.is_our_image(image)
            and self._system.processes.home_of(identity.pid) == self._system.home
        )


def _appeared(
    now: Iterable[PersistentEntry] | None, before: frozenset[PersistentEntry] | None
) -> list[PersistentEntry]:
    """Return what is new; nothing when one of both looks failed, since then nothing is known to be new."""
    return [] if now is None or before is None else [entry for entry in now if entry not in before]
