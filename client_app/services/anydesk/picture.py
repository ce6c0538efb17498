"""What all signals together say: a pure function from what is known and a batch of signals to what is known then.

Rule: who is connected is believed only as far as the signals agree. Two different numbers for one connection, or a
click in one file and a password in the other, are a contradiction: the peer then has no number and counts as a
stranger. Which phrase ended a connection decides the side; a phrase without a side decides only that it ended.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from client_app.core.anydesk import AnyDeskEvent, AnyDeskState, HowAccepted, Peer
from client_app.core.errors import ErrorCode
from client_app.core.session import EndedBy
from client_app.services.anydesk.answers import Status
from client_app.services.anydesk.trace_words import ConnectionLine, TraceEvent, Word


@dataclass(frozen=True)
class OwnNumber:
    """This computer's number, as AnyDesk answered."""

    number: str


@dataclass(frozen=True)
class StatusSignal:
    """AnyDesk's answer to the question for its status.

    `is_late`: it has had enough time to get online; `is_hopeless`: so much that it will not start any more.
    """

    status: Status
    is_late: bool = False
    is_hopeless: bool = False


@dataclass(frozen=True)
class ProcessSignal:
    """The main process ended, or with `is_guardian_lost` the guardian did."""

    is_guardian_lost: bool = False


Signal = TraceEvent | ConnectionLine | OwnNumber | StatusSignal | ProcessSignal


@dataclass(frozen=True)
class Call:
    """One request and the connection that may come of it."""

    numbers: frozenset[str] = frozenset()
    hows: frozenset[HowAccepted] = frozenset()
    name_untrusted: str = ""
    is_flagged: bool = False
    is_connected: bool = False
    is_logged: bool = False
    """Its line in connection_trace.txt was seen."""
    is_name_open: bool = False
    """Its name came without the number after it: what follows may still be the name, so it adds no belief."""

    @property
    def conflict(self) -> str:
        """Words for the log when the signals contradict each other."""
        if len(self.numbers) > 1:
            return "several numbers for one connection"
        if len(self.hows) > 1:
            return "two ways of being let in for one connection"
        return ""

    @property
    def peer(self) -> Peer:
        """The other side, as far as the signals agree."""
        number = next(iter(self.numbers)) if len(self.numbers) == 1 and not self.conflict else ""
        how = next(iter(self.hows)) if len(self.hows) == 1 else HowAccepted.UNEXPECTED
        return Peer(number, self.name_untrusted, how, self.is_flagged)


@dataclass(frozen=True)
class Picture:
    """Everything known of a running AnyDesk. Replaced as a whole.

    `calls` holds connections that are on, and at its end at most one that is only asked for.
    """

    number: str = ""
    is_online: bool | None = None
    is_late: bool = False
    calls: tuple[Call, ...] = ()
    gone: AnyDeskState | None = None
    conflict: str = ""
    denials: int = 0
    """How often in a row AnyDesk's own service was said not to run, while its window lives."""
    refused: str = ""
    """A number that connection_trace.txt says was refused while its request was not seen yet."""
    unlogged: frozenset[str] = frozenset()
    """Numbers of a call that ended before its line in connection_trace.txt was seen: two files, read one by one."""

    @property
    def state(self) -> AnyDeskState:
        """The state that follows."""
        if self.gone is not None:
            return self.gone
        if self.calls:
            return AnyDeskState.CONNECTED if self.calls[-1].is_connected else AnyDeskState.ASKING
        if self.conflict:
            return AnyDeskState.UNEXPECTED
        if self.number and self.is_online:
            return AnyDeskState.READY
        return AnyDeskState.NO_NETWORK if self.is_late else AnyDeskState.STARTING

    @property
    def last(self) -> Call:
        """The call that new lines belong to."""
        return self.calls[-1] if self.calls else Call()

    def with_last(self, call: Call) -> Picture:
        """Return the picture with the last call (or the first one) changed."""
        return replace(self, calls=(*self.calls[:-1], call))


_HOW_OF = {
    Word.AUTH_CLICK: HowAccepted.CLICK,
    Word.AUTH_PASSWORD: HowAccepted.PASSWORD,
    Word.AUTH_TOKEN: HowAccepted.TOKEN,
    Word.AUTH_UNEXPECTED: HowAccepted.UNEXPECTED,
}
_LEFT_BY = {
    Word.CLOSED_REMOTE: EndedBy.TECHNICIAN,
    Word.CLOSED_LOCAL: EndedBy.CUSTOMER,
    Word.CLOSED: EndedBy.UNKNOWN,
}
_ASKS = (Word.ASKED, Word.PEER_ID, Word.PEER_NAMED)
DENIALS = 2
"""A service that is not running is believed when it is said twice: one that restarts is not running for a moment."""
MAX_KEPT = 8
"""Calls and numbers of one call that are kept: more than two numbers are a contradiction anyhow."""


def advance(picture: Picture, signals: Iterable[Signal]) -> tuple[Picture, list[AnyDeskEvent]]:
    """Return the picture after a batch of signals and the events that it means, in order.

    A batch is what was read in one pass; the several lines that one change writes arrive in one or two of them, and
    make one event for each state that was passed through.
    """
    events: list[AnyDeskEvent] = []
    told, ending = picture, None
    for signal in signals:
        side = _side_of_end(picture, signal)
        if side is not None:
            ending = side if ending in (None, EndedBy.UNKNOWN) else ending
            continue
        after = _know(picture, signal)
        if after is picture:
            continue
        if ending is not None:
            told = picture = _over(_tell(told, picture, events), ending, events)
            ending, after = None, _know(picture, signal)
        elif after.state is not picture.state:
            told = _tell(told, picture, events)
        picture = after
    told = _tell(told, picture, events)
    if ending is not None:
        picture = _over(picture, ending, events)
    return picture, events


def _side_of_end(picture: Picture, signal: Signal) -> EndedBy | None:
    """Which side ended the last call, if this signal says that it ended."""
    if not picture.calls:
        return None
    if isinstance(signal, ConnectionLine):
        is_this = signal.number in picture.last.numbers and not picture.last.is_connected
        return EndedBy.CUSTOMER if signal.how is HowAccepted.REFUSED and is_this else None
    return _LEFT_BY.get(signal.word) if isinstance(signal, TraceEvent) else None


def _know(picture: Picture, signal: Signal) -> Picture:
    match signal:
        case TraceEvent():
            return _hear(picture, signal)
        case ConnectionLine():
            if signal.how is HowAccepted.REFUSED:
                return replace(picture, refused=signal.number)
            if not picture.calls and signal.number in picture.unlogged:
                return replace(picture, unlogged=frozenset())
            return _let_in(picture, signal.how, signal.number)
        case OwnNumber():
            return replace(picture, number=signal.number or picture.number)
        case StatusSignal():
            return _asked_status(picture, signal)
        case ProcessSignal():
            gone = AnyDeskState.UNGUARDED if signal.is_guardian_lost else AnyDeskState.GONE
            return replace(picture, gone=picture.gone or gone)


def _hear(picture: Picture, heard: TraceEvent) -> Picture:
    call = picture.last
    if heard.word in _HOW_OF:
        return _let_in(picture, _HOW_OF[heard.word], "")
    if heard.word in _ASKS:
        return _asked_for(picture, heard)
    if heard.word is Word.NAME_OPEN:
        return picture.with_last(replace(call, is_name_open=True))
    if heard.word is Word.NAME_TORN:
        # No number at all beside the one that was read: a contradiction, so that none is believed.
        return picture.with_last(replace(call, numbers=_with(call.numbers, ""))) if picture.calls else picture
    if heard.word is Word.FLAGGED:
        return picture.with_last(replace(call, is_flagged=True))
    if heard.word is Word.RUNNING:
        return picture.with_last(replace(call, is_connected=True))
    if heard.word is Word.RELAY_REACHED:
        return replace(picture, is_online=True, is_late=False)
    return picture


def _asked_for(picture: Picture, heard: TraceEvent) -> Picture:
    call = picture.last
    if call.is_connected and call.numbers and (heard.number not in call.numbers or _is_again(call, heard)):
        # Somebody else asks while a connection is on, or the same number for a second one: each ends by itself, and
        # one that ends must not make the other unseen.
        picture, call = replace(picture, calls=(*picture.calls, Call())[-MAX_KEPT:]), Call()
    name = heard.name_untrusted or call.name_untrusted
    numbers = call.numbers
    if call.is_name_open and heard.number not in numbers:
        # AnyDesk writes the numbers before the name; one that comes after an unfinished name is part of it.
        numbers = _with(numbers, "")
    return picture.with_last(replace(call, numbers=_with(numbers, heard.number), name_untrusted=name))


def _is_again(call: Call, heard: TraceEvent) -> bool:
    """Whether a line begins a further request of the same number: both of these stand once for each."""
    return heard.word is Word.ASKED or (heard.word is Word.PEER_NAMED and bool(call.name_untrusted))


def _with(numbers: frozenset[str], number: str) -> frozenset[str]:
    return numbers if len(numbers) >= MAX_KEPT else numbers | {number}


def _let_in(picture: Picture, how: HowAccepted, number: str) -> Picture:
    call = picture.last
    numbers = _with(call.numbers, number) if number else call.numbers
    logged = call.is_logged or bool(number)
    return picture.with_last(
        replace(call, numbers=numbers, hows=call.hows | {how}, is_connected=True, is_logged=logged)
    )


def _asked_status(picture: Picture, signal: StatusSignal) -> Picture:
    if signal.status is Status.NOT_RUNNING:
        return _denied(picture, signal)
    picture = replace(picture, denials=0)
    match signal.status:
        case Status.ONLINE:
            return replace(picture, is_online=True, is_late=False, conflict="")
        case Status.OFFLINE:
            return replace(picture, is_online=False, is_late=signal.is_late, conflict="")
        case Status.UNEXPECTED:
            return replace(picture, conflict="AnyDesk's status is not understood")
        case _:
            # No answer says nothing about the network, only that AnyDesk is slow.
            return replace(picture, is_late=signal.is_late and not picture.is_online)


def _denied(picture: Picture, signal: StatusSignal) -> Picture:
    """AnyDesk says that its service does not run: normal for a moment at the start, and its end if it ran before.

    Without its service a portable AnyDesk neither shows nor ends a connection, so its window alone is no AnyDesk.
    """
    has_run, denials = picture.is_online is not None, picture.denials + 1
    if (has_run and denials >= DENIALS) or signal.is_hopeless:
        return replace(picture, denials=denials, gone=picture.gone or AnyDeskState.GONE)
    if has_run or signal.is_late:
        return replace(picture, denials=denials, conflict="AnyDesk runs and says that it does not")
    return replace(picture, is_late=False)


def _over(picture: Picture, by: EndedBy, events: list[AnyDeskEvent]) -> Picture:
    """Take the last call away. A second request that is over is no end of the connection that stays on."""
    ended, rest = picture.last, picture.calls[:-1]
    if by is EndedBy.UNKNOWN and picture.refused in ended.numbers and not ended.is_connected:
        by = EndedBy.CUSTOMER
    if ended.is_connected and rest:
        # Which of several connections ended cannot be told: none of them is believed any more.
        rest = (replace(rest[-1], numbers=frozenset(("",)) | rest[-1].numbers),)
    unlogged = frozenset() if ended.is_logged else ended.numbers
    picture = replace(picture, calls=rest, unlogged=unlogged, refused="")
    if rest:
        events.append(_event(picture))
    else:
        events.append(AnyDeskEvent(picture.state, picture.number, ended.peer, left_by=by))
    return picture


def _tell(told: Picture, now: Picture, events: list[AnyDeskEvent]) -> Picture:
    """Add an event if what can be seen changed since the last one."""
    if _seen(told) != _seen(now):
        events.append(_event(now))
    return now


def _seen(picture: Picture) -> tuple[object, ...]:
    return picture.state, picture.number, picture.last.peer, picture.last.conflict, picture.conflict


def _event(picture: Picture) -> AnyDeskEvent:
    call = picture.calls[-1] if picture.calls else None
    conflict = (call.conflict if call is not None else "") or picture.conflict
    error = {
        AnyDeskState.GONE: ErrorCode.ANYDESK_DIED,
        AnyDeskState.UNGUARDED: ErrorCode.GUARDIAN_LOST,
        AnyDeskState.NO_NETWORK: ErrorCode.ANYDESK_NO_NUMBER,
    }.get(picture.state)
    return AnyDeskEvent(
        picture.state, picture.number, call.peer if call is not None else None, conflict=conflict, error=error
    )
