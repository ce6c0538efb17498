"""The guardian trusts nobody: it starts only what it hashed itself, once."""

from __future__ import annotations

import hashlib

import pytest

from client_app.services.guardian.ending import Limits
from client_app.services.guardian.keeper import Keeper, RefusedError
from client_app.services.guardian.protocol import FileClaim, Question, StartRequest
from tests.unit.anydesk.fakes import FakeContainment

PROGRAM, LIBRARY = b"program", b"library"


def claim(name: str, data: bytes) -> FileClaim:
    return FileClaim(name, hashlib.sha256(data).hexdigest(), len(data))


GOOD = StartRequest("/private", (claim("anydesk", PROGRAM), claim("lib", LIBRARY)))


def refused(containment: FakeContainment, request: StartRequest) -> str:
    keeper = Keeper(containment)
    with pytest.raises(RefusedError) as error:
        keeper.start(request)
    assert containment.alive == []
    return error.value.reason


@pytest.mark.parametrize(
    ("files", "request_", "reason"),
    [
        ({"anydesk": b"other", "lib": LIBRARY}, GOOD, "wrong_hash"),
        ({"anydesk": PROGRAM + b"x", "lib": LIBRARY}, GOOD, "wrong_hash"),
        ({"anydesk": b"", "lib": LIBRARY}, GOOD, "wrong_hash"),
        ({"anydesk": PROGRAM, "lib": b"other"}, GOOD, "wrong_hash"),
        ({"anydesk": PROGRAM}, GOOD, "wrong_hash"),
        ({"sh": PROGRAM, "lib": LIBRARY}, StartRequest("/bin", (claim("sh", PROGRAM),)), "not_private"),
        ({"anydesk": PROGRAM}, StartRequest("private", GOOD.files), "not_private"),
    ],
)
def test_nothing_is_started(files: dict[str, bytes], request_: StartRequest, reason: str) -> None:
    containment = FakeContainment(files)
    assert refused(containment, request_) == reason
    assert containment.started == []
    # What was opened for looking is let go of.
    assert all(held.stream.closed for held in containment.held)


def test_written_to_between_the_look_and_the_start_it_is_ended_at_once() -> None:
    containment = FakeContainment({"anydesk": PROGRAM, "lib": LIBRARY})
    containment.change_after_start = b"evil"
    assert refused(containment, GOOD) == "swapped"


def test_started_once_and_never_again() -> None:
    containment = FakeContainment({"anydesk": PROGRAM, "lib": LIBRARY})
    keeper = Keeper(containment)
    assert keeper.start(GOOD) == containment.MAIN
    with pytest.raises(RefusedError, match="started_already"):
        keeper.start(GOOD)
    assert len(containment.started) == 1
    assert not any(held.stream.closed for held in containment.held)
    assert keeper.ask(Question.STATUS).output_untrusted == b"online\n"
    assert keeper.end(Limits()).left == ()
    assert keeper.members() == ()


def test_questions_need_a_verified_program() -> None:
    containment = FakeContainment({})
    with pytest.raises(RefusedError, match="not_started"):
        Keeper(containment).ask(Question.NUMBER)
    assert containment.asked == []
