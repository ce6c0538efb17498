"""Incoming sessions of the stand-in: what AnyDesk logs while someone asks, is let in, and leaves."""

from __future__ import annotations

from demo.anydesk.traces import LogFile, Trace, connection_line

HOW_LINES = {
    "User": ("Authenticated by local user.",),
    "Passwd": ("Authenticated with correct passphrase of profile '_unattended_access'.",),
    "Token": ("Authenticated with permanent token.",),
}


class StateError(Exception):
    """The order does not fit: nobody asks, or somebody is connected already."""


class Sessions:
    """At most one session: asked, then running, then over."""

    def __init__(self, trace: Trace, connections: LogFile) -> None:
        self._trace = trace
        self._connections = connections
        self.state = "idle"
        self._number = self._alias = self._how = ""

    def ask(self, number: str, alias: str, name: str, how: str, flags: str) -> None:
        """Somebody wants to connect; a password or a token lets them in without a click."""
        if self.state != "idle":
            raise StateError(f"a session is {self.state}")
        self.state, self._number, self._alias, self._how = "asking", number, alias, how
        write = self._trace.write
        write("anynet.any_socket", f"Accept request from {number} (via relay-0a1b2c3d).")
        write("anynet.any_socket", f"Client-ID: {number} (FPR: 5f2d8a11c0de).")
        write("anynet.any_socket", "Logged in from 198.51.100.7:49152 on relay 0a1b2c3d.")
        write("app.backend_session", f"Incoming session request: {name or '-'} ({number})")
        write("app.backend_session", f"Remote OS: Windows, Connection flags: {flags}")
        write("app.backend_session", "Remote version: 9.0.4")

    def accept(self) -> None:
        """The session begins: by the customer's click, or at once for a password or token."""
        if self.state != "asking":
            raise StateError("nobody asks")
        self.state = "running"
        self._connections.append(connection_line(self._how, self._alias, self._number))
        for line in HOW_LINES[self._how]:
            self._trace.write("app.session", line)
        self._trace.write("app.session", "Profile was used: _default")
        self._trace.write("app.backend_session", "Session features: input clipboard")
        self._trace.write("app.backend_session", "Session started, authentication ok")
        self._trace.write("app.backend_session", "Entering processing loop")

    def refuse(self) -> None:
        if self.state != "asking":
            raise StateError("nobody asks")
        self.state = "idle"
        self._connections.append(connection_line("REJECTED", self._alias, self._number))
        self._trace.write("anynet.any_socket", "Received quit.")

    def end(self, by: str) -> None:
        """`by` is "remote" (the technician) or "local" (AnyDesk's own window here)."""
        if self.state == "idle":
            raise StateError("there is no session")
        self.state = "idle"
        side = "by remote side" if by == "remote" else "locally"
        self._trace.write("app.session", f"Session closed {side}: desk_rt_user_close")
        if by == "remote":
            self._trace.write("app.backend_session", "The socket was closed remotely.")
        else:
            self._trace.write("app.backend_session", "The user has requested a connection quit.")
        self._trace.write("app.session", "Session stopped.")
        self._trace.write("anynet.any_socket", "Received quit.")
