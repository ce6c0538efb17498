"""Incoming sessions of the stand-in: what AnyDesk logs while someone asks, is let in, and leaves."""

from __future__ import annotations

from demo.anydesk.traces import LogFile, Trace, connection_line

HOW_LINES = {
    "User": ("Authenticated by local user.",),
    "Passwd": ("Authenticated with correct passphrase of profile '_unattended_access'.",),
    "Token": ("Authenticated with permanent token.",),
}


class StateError(Exception):
    """The order does not fit: nobody asks, or this number is here already."""


class Session:
    """One peer: asks, then runs."""

    def __init__(self, number: str, alias: str, how: str) -> None:
        self.number, self.alias, self.how = number, alias, how
        self.is_running = False


class Sessions:
    """Any number of peers at once, each asked for and ended alone; with no number given the newest one is meant."""

    def __init__(self, trace: Trace, connections: LogFile) -> None:
        self._trace = trace
        self._connections = connections
        self._all: dict[str, Session] = {}

    @property
    def state(self) -> str:
        """`running` with anybody in, else `asking` with anybody before the door, else `idle`."""
        if any(one.is_running for one in self._all.values()):
            return "running"
        return "asking" if self._all else "idle"

    @property
    def peers(self) -> dict[str, str]:
        """Each number with its state."""
        return {number: "running" if one.is_running else "asking" for number, one in self._all.items()}

    def ask(self, number: str, alias: str, name: str, how: str, flags: str) -> None:
        """Somebody wants to connect; a password or a token lets them in without a click."""
        if number in self._all:
            raise StateError(f"{number} is here already")
        self._all[number] = Session(number, alias, how)
        write = self._trace.write
        write("anynet.any_socket", f"Accept request from {number} (via relay-0a1b2c3d).")
        write("anynet.any_socket", f"Client-ID: {number} (FPR: 5f2d8a11c0de).")
        write("anynet.any_socket", "Logged in from 198.51.100.7:49152 on relay 0a1b2c3d.")
        write("app.backend_session", f"Incoming session request: {name or '-'} ({number})")
        write("app.backend_session", f"Remote OS: Windows, Connection flags: {flags}")
        write("app.backend_session", "Remote version: 9.0.4")

    def accept(self, number: str = "") -> str:
        """The session begins: by the customer's click, or at once for a password or token. Returns its number."""
        session = self._asking(number)
        session.is_running = True
        self._connections.append(connection_line(session.how, session.alias, session.number))
        for line in HOW_LINES[session.how]:
            self._trace.write("app.session", line)
        self._trace.write("app.session", "Profile was used: _default")
        self._trace.write("app.backend_session", "Session features: input clipboard")
        self._trace.write("app.backend_session", "Session started, authentication ok")
        self._trace.write("app.backend_session", "Entering processing loop")
        return session.number

    def refuse(self, number: str = "") -> None:
        """The customer says no: that is in the connection log too."""
        session = self._asking(number)
        del self._all[session.number]
        self._connections.append(connection_line("REJECTED", session.alias, session.number))
        self._trace.write("anynet.any_socket", "Received quit.")

    def withdraw(self, number: str = "") -> None:
        """Whoever asks gives up before the click; no line of the connection log tells of it."""
        session = self._asking(number)
        del self._all[session.number]
        self._trace.write("app.backend_session", "The socket was closed remotely.")
        self._trace.write("anynet.any_socket", "Received quit.")

    def end(self, by: str, number: str = "") -> str:
        """`by` is "remote" (the technician) or "local" (AnyDesk's own window here). Returns the number."""
        running = [one for one in self._all.values() if one.is_running]
        session = _newest(running or list(self._all.values()), number, "there is no session")
        del self._all[session.number]
        side = "by remote side" if by == "remote" else "locally"
        self._trace.write("app.session", f"Session closed {side}: desk_rt_user_close")
        if by == "remote":
            self._trace.write("app.backend_session", "The socket was closed remotely.")
        else:
            self._trace.write("app.backend_session", "The user has requested a connection quit.")
        self._trace.write("app.session", "Session stopped.")
        self._trace.write("anynet.any_socket", "Received quit.")
        return session.number

    def end_all(self, by: str) -> None:
        """Nobody is connected any more."""
        while self._all:
            self.end(by)

    def _asking(self, number: str) -> Session:
        return _newest([one for one in self._all.values() if not one.is_running], number, "nobody asks")


def _newest(among: list[Session], number: str, otherwise: str) -> Session:
    fitting = [one for one in among if not number or one.number == number]
    if not fitting:
        raise StateError(otherwise)
    return fitting[-1]
