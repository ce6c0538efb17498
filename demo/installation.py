"""A real per-user installation in the demo's scratch home, and what is gone and left of it afterwards, by listing."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from demo.world import World
from installer.build import build_folder

ROOT = Path(__file__).resolve().parent.parent
INSTALL_LIMIT_SECONDS = 120


@dataclass
class Installation:
    """An installation of the frozen program.

    Attributes:
        home: the scratch home.
        list_file: the list of what was installed.
        before: everything in the home before installing.
        installed: everything in it after installing.
    """

    home: Path
    list_file: Path
    before: set[str]
    installed: set[str]

    def gone(self) -> list[str]:
        """What had been installed and is not there any more."""
        return sorted(self.installed - listing(self.home))

    def left(self) -> list[str]:
        """What is there now and was not before installing; AnyDesk's own data is not ours to delete."""
        return sorted(path for path in listing(self.home) - self.before if not path.startswith(".anydesk"))


def install(world: World) -> Installation:
    """Freeze the client with the company's folder, install it for the customer, and start it once.

    Raises:
        RuntimeError: the installer or the installed program failed; the message holds what it printed.
    """
    package = build_folder(world.folder / "package", world.company).parent
    before = listing(world.home)
    script = ROOT / "installer" / "linux" / "install.sh"
    program = _run("sh", str(script), "--home", str(world.home), "--no-run", str(package)).strip()
    lists = list(world.home.rglob("installed-files.json"))
    if len(lists) != 1:
        raise RuntimeError(f"the installer wrote {len(lists)} lists")
    said = _run(program, "--version")
    if not said.startswith("pomoc-zdalna "):
        raise RuntimeError(f"the installed program answers {said!r}")
    return Installation(world.home, lists[0], before, listing(world.home))


def listing(folder: Path) -> set[str]:
    """Return every file, link and folder below, relative."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def _run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_LIMIT_SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    return done.stdout
