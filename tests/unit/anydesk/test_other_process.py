"""Looking at somebody else's process: an answer, or None; never a guess, and no handle is left open."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from client_app.platforms import System
from client_app.platforms.field import ProcessEyes, other_places
from client_app.platforms.windows.libraries import Libraries
from client_app.platforms.windows.other_process import is_in_a_job, is_process_elevated


class Kernel:
    """Opens one process; counts handles."""

    def __init__(self, *, opens: bool = True, in_job: bool | None = True) -> None:
        self._opens, self._in_job = opens, in_job
        self.open_handles = 0

    def OpenProcess(self, access: int, inherit: bool, pid: int) -> int:  # noqa: N802 - Windows' name
        self.open_handles += int(self._opens)
        return 77 if self._opens else 0

    def CloseHandle(self, handle: Any) -> bool:  # noqa: N802
        self.open_handles -= 1
        return True

    def IsProcessInJob(self, process: Any, job: Any, answer: Any) -> bool:  # noqa: N802
        answer._obj.value = bool(self._in_job)
        return self._in_job is not None


class Advapi:
    """Opens a token and reads it."""

    def __init__(self, kernel: Kernel, *, elevated: bool | None) -> None:
        self._kernel, self._elevated = kernel, elevated

    def OpenProcessToken(self, process: Any, access: int, token: Any) -> bool:  # noqa: N802
        self._kernel.open_handles += 1
        return True

    def GetTokenInformation(  # noqa: N802
        self, token: Any, what: int, answer: Any, size: int, needed: Any
    ) -> bool:
        answer._obj.value = int(bool(self._elevated))
        return self._elevated is not None


def libraries(kernel: Kernel, elevated: bool | None = None) -> Libraries:
    return Libraries(kernel, object(), Advapi(kernel, elevated=elevated), lambda: 0)


@pytest.mark.parametrize("answer", [True, False, None])
def test_the_answer_is_the_systems(answer: bool | None) -> None:
    kernel = Kernel(in_job=answer)
    assert is_in_a_job(libraries(kernel), 5) is answer
    assert is_process_elevated(libraries(kernel, answer), 5) is answer
    assert kernel.open_handles == 0


def test_a_process_that_cannot_be_opened_is_not_known() -> None:
    kernel = Kernel(opens=False)
    assert is_in_a_job(libraries(kernel), 5) is None
    assert is_process_elevated(libraries(kernel, True), 5) is None


def test_elsewhere_nobody_tells() -> None:
    eyes = ProcessEyes(System.OTHER)
    assert (eyes.is_held(1), eyes.is_elevated(1), eyes.has_window((1,))) == (None, None, None)


def test_places_are_those_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APPDATA", "roaming")
    monkeypatch.delenv("PROGRAMDATA", raising=False)
    assert other_places(System.WINDOWS) == (Path("roaming", "AnyDesk"),)
    (tmp_path / ".anydesk-ad_0badcafe").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert tmp_path / ".anydesk-ad_0badcafe" in other_places(System.LINUX)
