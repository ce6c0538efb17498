"""All log files of one client as signals: the traces and the connection log, in every place where they may lie.

Rule: a name can hold a line's end and whole forged lines; whatever follows a name without being a line of AnyDesk's
own makes the name's number unbelievable.
"""

from __future__ import annotations

from client_app.core.anydesk_system import DataPlaces
from client_app.services.anydesk.picture import Signal
from client_app.services.anydesk.tail import Tail
from client_app.services.anydesk.trace_words import (
    TraceEvent,
    Word,
    parse_connection_line,
    parse_trace_line,
)


class Tails:
    """The log files of one client, wherever of its possible places they are. Begins at their present ends."""

    def __init__(self, places: DataPlaces) -> None:
        self._connections = [
            Tail(folder / name) for folder in places.folders for name in places.connection_names
        ]
        self._traces = [
            TraceReader(Tail(folder / name)) for folder in places.folders for name in places.trace_names
        ]

    @property
    def has_more(self) -> bool:
        """Whether the last look left something unread."""
        return any(tail.has_more for tail in (*self._connections, *(one.tail for one in self._traces)))

    def read(self) -> list[Signal]:
        """Return what came; connections last, so that they check whom the traces named (names can forge lines)."""
        signals: list[Signal] = [event for trace in self._traces for event in trace.read()]
        for tail in self._connections:
            found = (parse_connection_line(line) for line in filter(None, tail.read()))
            signals += [line for line in found if line is not None]
        return signals


class TraceReader:
    """The events of one trace file; lines that say nothing we know are not kept."""

    def __init__(self, tail: Tail) -> None:
        self.tail = tail
        self._is_after_name = False

    def read(self) -> list[TraceEvent]:
        """Return what came since the last call."""
        found: list[TraceEvent] = []
        for line in filter(None, self.tail.read()):
            event = parse_trace_line(line)
            if event is None:
                # AnyDesk ends the line of a name with the number. Text that goes on below it came with the name.
                if self._is_after_name and line.strip():
                    found.append(TraceEvent(Word.NAME_TORN))
                    self._is_after_name = False
                continue
            self._is_after_name = event.word in (Word.PEER_NAMED, Word.NAME_OPEN)
            if event.word is not Word.UNEXPECTED:
                found.append(event)
        return found
