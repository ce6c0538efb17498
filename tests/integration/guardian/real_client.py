"""A client to be killed, with a guardian and all of AnyDesk below it; and how long it takes until nothing is left."""

from __future__ import annotations

import subprocess
import sys
import time

from client_app.core.anydesk_system import ProcessIdentity
from client_app.platforms.linux.processes import descendants
from demo.anydesk.remote import Faults
from tests.contracts.world import ROOT, AnyDeskWorld, wait_for
from tests.integration.killing import Times

LIMIT_SECONDS = 2.0


class RealClient:
    """A small process that starts AnyDesk as the program does, and then only lives.

    Args:
        faults: of the stand-in; it always has a process that detached itself (double fork, session of its own).
        times: where it is noted how long things took.
        guardian: module that is the guardian; the product's own when "".
    """

    def __init__(self, world: AnyDeskWorld, faults: Faults, times: Times, guardian: str = "") -> None:
        self.world, self.times = world, times
        world.remote.prepare(faults)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.integration.guardian.small_client", *filter(None, [guardian])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        #: The supervisor; the guardian is below it.
        self.guardian = int(self.process.stdout.readline())
        world.remote.wait_until_online()
        world.remote.incoming("221436813", name="Anna")
        world.remote.accept()
        world.remote.spawn_grandchild()
        # Window, local service, local control, session backend, and the one that detached itself.
        wait_for(lambda: len(world.own_processes()) == 5)

    @property
    def inner(self) -> ProcessIdentity:
        """The guardian below its supervisor."""
        return next(
            one
            for one in descendants(self.world.system.processes.everything(), self.guardian)
            if not one.image.startswith(str(self.world.private_root))
        )

    def whole_session(self) -> list[int]:
        """Return everything that a log-off reaches: client, supervisor, guardian and all of AnyDesk."""
        ours = [one.pid for one in self.world.own_processes()]
        return [self.process.pid, self.guardian, self.inner.pid, *ours]

    def wait_until_nothing_is_left(self, what: str) -> None:
        """Wait for the limit that the design promises, and note how long it took."""
        begun = time.monotonic()
        wait_for(lambda: not self.world.own_processes(), LIMIT_SECONDS)
        self.times.note(what, time.monotonic() - begun)

    def close(self) -> None:
        """End it, whatever is left of it."""
        self.process.kill()
        self.process.wait(5)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
