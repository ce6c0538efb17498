"""The suite in parts that run beside each other: offscreen, and on Qt's real "windows" platform on a screen.

Each part has a prefix and a screen of its own, so that no window of one covers one of the other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from tools.windows import company, standin, summary, wine
from tools.windows.places import BUILD, drive_path, say
from tools.windows.ready import ensure_prefix

FONTS = Path("/usr/share/fonts/truetype/dejavu")
_SECONDS = 600


class Part(NamedTuple):
    """One run of pytest: the name of its prefix and report, and its arguments."""

    name: str
    arguments: tuple[str, ...]


_ON_SCREEN = ("--onscreen", "-p", "no:randomly")
"""In the order of the files, so that a look at what stands on the screen is repeatable."""
_NOT_OFFSCREEN = ("tests/ui", "tests/windows", "tests/contracts")
PARTS = (
    Part("offscreen", ("tests", *(f"--ignore={folder}" for folder in _NOT_OFFSCREEN))),
    Part("screen", (*_ON_SCREEN, "tests/ui")),
    Part("system", (*_ON_SCREEN, "tests/windows")),
    Part("contracts", (*_ON_SCREEN, "tests/contracts")),
)
"""Everything is in one of them. The last two start real processes and mostly wait, so four fit on two cores."""


def settings_of(prefix: Path, display: str, more: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of tests in a prefix."""
    return wine.environment(
        prefix,
        display,
        {
            "PYTHONPYCACHEPREFIX": drive_path(BUILD / "pycache"),
            # Qt's offscreen platform has no fonts of Windows.
            "QT_QPA_FONTDIR": drive_path(FONTS),
            "POMOC_PICTURES": drive_path(BUILD / "pictures"),
            **more,
        },
    )


def run_some(home: Path, arguments: list[str], more: Mapping[str, str]) -> int:
    """Run pytest with these arguments alone, and return its exit code."""
    with wine.screen() as display:
        settings = settings_of(ensure_prefix(display), display, more)
        try:
            with _world(home, settings, needs_company=any(map(_meets_company, arguments))) as frozen:
                code, _seconds = _pytest(home, settings | frozen, tuple(arguments), _show)
            return code
        finally:
            wine.stop(settings)


def run_all(home: Path, more: Mapping[str, str]) -> int:
    """Run all parts and return 0 if nothing failed, 1 otherwise."""
    with ExitStack() as screens:
        parts = {part: screens.enter_context(wine.screen()) for part in PARTS}
        settings = {
            part: settings_of(ensure_prefix(display, part.name), display, more)
            for part, display in parts.items()
        }
        try:
            world = _world(home, settings[PARTS[0]], needs_company=True)
            with world as frozen, ThreadPoolExecutor(len(PARTS)) as pool:
                runs = [
                    pool.submit(_run_part, home, part, settings[part] | frozen, is_live=part is PARTS[0])
                    for part in PARTS
                ]
                try:
                    codes = [run.result() for run in runs]
                finally:
                    # Interrupted here, the pool would wait for runs that nobody has told to end.
                    for one in settings.values():
                        wine.stop(one)
        finally:
            for one in settings.values():
                wine.stop(one)
    return 1 if any(codes) else 0


@contextmanager
def _world(home: Path, settings: Mapping[str, str], *, needs_company: bool) -> Iterator[dict[str, str]]:
    """The frozen stand-ins and, where it is needed, a company whose backend runs beside the tests."""
    standins = standin.ensure(home, settings)
    with ExitStack() as beside:
        known = beside.enter_context(company.living(standins)) if needs_company else {}
        yield {"POMOC_STAND_IN": drive_path(standins), **known}


def _meets_company(argument: str) -> bool:
    return argument.rstrip("/") in ("tests", "tests/windows") or "whole_path" in argument


def _run_part(home: Path, part: Part, settings: dict[str, str], *, is_live: bool) -> int:
    report, last_words = BUILD / f"report-{part.name}.xml", BUILD / f"last-words-{part.name}.txt"
    for old in (report, last_words):
        old.unlink(missing_ok=True)
    said: list[str] = []
    code, seconds = _pytest(
        home,
        settings | {"POMOC_LAST_WORDS": drive_path(last_words)},
        ("-q", *part.arguments, f"--junitxml={drive_path(report)}"),
        _show if is_live else said.append,
    )
    lines = [*said, f"windows: {part.name}: exit code {code}, {seconds:.0f} s"]
    try:
        lines += summary.lines_of(part.name, report)
    except (FileNotFoundError, ElementTree.ParseError):
        # The report is the last thing that pytest writes, so it did not come to an end.
        words = last_words.read_text("utf-8") if last_words.exists() else "nothing"
        death = summary.death_of(code)
        lines.append(f"windows: {part.name}: the process died ({death}); its last words: {words}")
        code = code or 1
    print("\n".join(lines), flush=True)
    return code


def _show(line: str) -> None:
    print(line, flush=True)


def _pytest(
    home: Path, settings: Mapping[str, str], arguments: tuple[str, ...], write: Callable[[str], None]
) -> tuple[int, float]:
    started = time.monotonic()
    command = [str(home / "python.exe"), "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    code = wine.run(command, settings, _SECONDS, write=write)
    if code == wine.TIMED_OUT:
        say(f"ended after {_SECONDS} s, the limit")
    return code, time.monotonic() - started
