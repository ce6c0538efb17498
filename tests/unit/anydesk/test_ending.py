"""Ending processes: order of the steps, newcomers, and what cannot be ended is left and named."""

from __future__ import annotations

from client_app.core.anydesk_system import ProcessIdentity
from client_app.services.guardian.ending import Limits, end_members

ONE, TWO, NEW = (ProcessIdentity(pid, pid * 10, "/x/anydesk") for pid in (1, 2, 3))
SHORT = Limits(polite=0.05, asked=0.05, forced=0.05)


class Processes:
    """Members that end by the window, by being asked, by force, or never."""

    def __init__(self, **endings: set[ProcessIdentity]) -> None:
        self.by_window = endings.get("by_window", set())
        self.by_asking = endings.get("by_asking", set())
        self.never = endings.get("never", set())
        self.alive = [ONE, TWO]
        self.log: list[tuple[str, int]] = []
        self.born_when_forced: ProcessIdentity | None = None

    def members(self) -> tuple[ProcessIdentity, ...]:
        return tuple(self.alive)

    def close_window(self) -> None:
        self.log.append(("window", 0))
        self.alive = [one for one in self.alive if one not in self.by_window]

    def end(self, member: ProcessIdentity, force: bool) -> None:
        self.log.append(("force" if force else "ask", member.pid))
        if member in self.never:
            return
        if force and self.born_when_forced is not None:
            self.alive.append(self.born_when_forced)
            self.born_when_forced = None
        if force or member in self.by_asking:
            self.alive.remove(member)


def test_nothing_to_end_asks_nobody() -> None:
    processes = Processes()
    processes.alive = []
    ending = end_members(processes.members, processes.end, processes.close_window, SHORT)
    assert processes.log == []
    assert (ending.asked, ending.forced, ending.left) == ((), (), ())


def test_a_window_that_closes_is_enough() -> None:
    processes = Processes(by_window={ONE, TWO})
    ending = end_members(processes.members, processes.end, processes.close_window, SHORT)
    assert processes.log == [("window", 0)]
    assert ending.left == ()


def test_each_step_ends_what_the_one_before_left() -> None:
    processes = Processes(by_asking={ONE})
    ending = end_members(processes.members, processes.end, processes.close_window, SHORT)
    assert processes.log == [("window", 0), ("ask", 1), ("ask", 2), ("force", 2)]
    assert (ending.asked, ending.forced, ending.left) == ((ONE, TWO), (TWO,), ())


def test_newcomers_are_ended_too() -> None:
    processes = Processes()
    processes.born_when_forced = NEW
    ending = end_members(processes.members, processes.end, processes.close_window, SHORT)
    assert ending.left == ()
    assert NEW in ending.forced


def test_what_cannot_be_ended_is_named_within_the_limits() -> None:
    processes = Processes(by_asking={ONE}, never={TWO})
    ending = end_members(processes.members, processes.end, processes.close_window, SHORT)
    assert ending.left == (TWO,)
    assert ending.seconds < 1


def test_without_a_window_the_polite_step_is_left_out() -> None:
    processes = Processes(by_asking={ONE, TWO})
    end_members(processes.members, processes.end, None, SHORT)
    assert processes.log == [("ask", 1), ("ask", 2)]


def test_the_limits_of_closing_stay_under_two_seconds() -> None:
    limits = Limits()
    assert limits.polite + limits.asked + limits.forced < 2
