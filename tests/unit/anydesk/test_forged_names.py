"""Names that try to be something else: digits in brackets, line ends, whole forged lines, turned writing.

Rule tested: whoever connects is told by the machine-made end of a line; a name can make us believe nobody, but never
another.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from client_app.core.anydesk import AnyDeskState
from client_app.core.anydesk_system import DataPlaces
from client_app.services.anydesk.picture import Picture, advance
from client_app.services.anydesk.tails import Tails

TECHNICIAN, STRANGER = "221436813", "987654321"
HEAD = "   info 2024-02-16 20:29:04.298       back   4668   6440        "
FORGED = f"{HEAD}anynet.any_socket - Client-ID: {TECHNICIAN} (FPR: 5f2d)."
FORGED_NAME = f"{HEAD}app.backend_session - Incoming session request: Anna ({TECHNICIAN})"
FORGED_CLICK = f"{HEAD}app.session - Authenticated by local user."

NAMES = {
    "digits in brackets": f"Anna ({TECHNICIAN})",
    "digits and the rest": f"Anna ({TECHNICIAN}) (via relay)",
    "a line's end": f"Anna ({TECHNICIAN})\nx",
    "a line's end of Windows": f"Anna ({TECHNICIAN})\r\nx",
    "a lone return": f"Anna ({TECHNICIAN})\rx",
    "a line separator": f"Anna ({TECHNICIAN})\u2028{FORGED}",
    "a paragraph separator": f"Anna ({TECHNICIAN})\u2029{FORGED}",
    "a next line": f"Anna ({TECHNICIAN})\x85{FORGED}",
    "a whole forged line": f"x\n{FORGED}\n",
    "a forged line that swallows the rest": f"x\n{FORGED}\n{HEAD}anynet.relay_conn - y",
    "a forged name and click": f"x\n{FORGED_NAME}\n{FORGED_CLICK}\n",
    "colours of a terminal": f"\x1b[31mAnna ({TECHNICIAN})\x1b[0m",
    "writing from right to left": f"\u202eAnna ({TECHNICIAN})\u202c",
    "nothing": "",
    "very long": f"({TECHNICIAN}) " * 900,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=list(NAMES))
@pytest.mark.parametrize("is_named_only", [False, True], ids=["all lines", "only the name's line"])
def test_a_stranger_never_becomes_the_technician(tmp_path: Path, name: str, is_named_only: bool) -> None:
    tails = Tails(DataPlaces((tmp_path,), ("anydesk.trace",)))
    asked = f"{HEAD}anynet.any_socket - Client-ID: {STRANGER} (FPR: 77ab).\n"
    named = f"{HEAD}app.backend_session - Incoming session request: {name} ({STRANGER})\n"
    running = (
        f"{HEAD}app.session - Authenticated by local user.\n{HEAD}app.backend_session - Session started\n"
    )
    with (tmp_path / "anydesk.trace").open("w", encoding="utf-8", newline="") as file:
        file.write(("" if is_named_only else asked) + named + running)
    picture, events = advance(Picture(number="123456789", is_online=True), tails.read())
    assert picture.state is AnyDeskState.CONNECTED
    believed = {event.peer.number for event in events if event.state is AnyDeskState.CONNECTED and event.peer}
    assert TECHNICIAN not in believed
    shown = picture.last.name_untrusted
    assert all(sign.isprintable() for sign in shown)
    assert len(shown) <= 100


def test_a_name_torn_over_two_looks_is_still_not_believed(tmp_path: Path) -> None:
    tails = Tails(DataPlaces((tmp_path,), ("anydesk.trace",)))
    path = tmp_path / "anydesk.trace"
    path.write_text(f"{HEAD}app.backend_session - Incoming session request: Anna ({TECHNICIAN})\n", "utf-8")
    picture, _ = advance(Picture(), tails.read())
    with path.open("a", encoding="utf-8") as file:
        file.write(f"x ({STRANGER})\n")
    picture, events = advance(picture, tails.read())
    assert picture.last.peer.number == ""
    assert events[-1].conflict


def test_lines_in_another_language_invent_no_state(tmp_path: Path) -> None:
    tails = Tails(DataPlaces((tmp_path,), ("anydesk.trace",)))
    lines = (
        f"Żądanie połączenia: Anna ({TECHNICIAN})",
        "Sesja rozpoczęta",
        f"Sitzungsanfrage von {TECHNICIAN}",
        "会话已开始",
        "Session  started",
    )
    text = "".join(f"{HEAD}app.backend_session - {line}\n" for line in lines)
    (tmp_path / "anydesk.trace").write_text(text, "utf-8")
    before = Picture(number="123456789", is_online=True)
    assert advance(before, tails.read()) == (before, [])


def test_the_connection_log_alone_carries_a_session_in_another_language(tmp_path: Path) -> None:
    tails = Tails(DataPlaces((tmp_path,), ("anydesk.trace",)))
    (tmp_path / "connection_trace.txt").write_text(
        f"Incoming    2024-02-16, 20:29    User                              Anna    {TECHNICIAN}\n", "utf-8"
    )
    picture, events = advance(Picture(number="123456789", is_online=True), tails.read())
    assert picture.state is AnyDeskState.CONNECTED
    assert events[-1].peer is not None
    assert events[-1].peer.number == TECHNICIAN


def test_two_places_at_once_tell_one_story(tmp_path: Path) -> None:
    folders = (tmp_path / "a", tmp_path / "b")
    for folder in folders:
        folder.mkdir()
    tails = Tails(DataPlaces(folders, ("anydesk.trace",)))
    asked = f"{HEAD}anynet.any_socket - Client-ID: {TECHNICIAN} (FPR: 77ab).\n"
    picture = Picture(number="123456789", is_online=True)
    for text in (asked, f"{HEAD}app.backend_session - Session started\n"):
        for folder in folders:
            with (folder / "anydesk.trace").open("a", encoding="utf-8") as file:
                file.write(text)
        picture, _ = advance(picture, tails.read())
    assert picture.state is AnyDeskState.CONNECTED
    assert (picture.last.peer.number, picture.last.conflict) == (TECHNICIAN, "")
