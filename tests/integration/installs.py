"""A small program put together by the real builder, and the real installer run on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from client_app.core.brand_types import ProductBrand
from client_app.core.session import RemovalView
from client_app.services.outbox import Outbox
from client_app.services.owned import LIST_NAME, find_list
from client_app.services.paths import Folders
from client_app.services.removal import RemovalService
from installer.company import development_folder, read_brand
from installer.folder import INTERNAL, assemble
from installer.freeze import NAME
from installer.sources import data_files

LIMIT_SECONDS = 60


def listing(home: Path) -> set[str]:
    """Everything below a folder, relative to it; folders end with a slash, links are not entered."""
    found = set()
    for folder, folders, files in os.walk(home):
        here = Path(folder)
        found |= {str((here / name).relative_to(home)) for name in files}
        found |= {
            f"{(here / name).relative_to(home)}{'' if (here / name).is_symlink() else '/'}"
            for name in folders
        }
    return found


def make_program(work: Path, version: str, only_here: str = "") -> Path:
    """Build a program with a real executable that can wait, and its version in a file.

    Args:
        work: a folder of the test's own.
        version: written into the program.
        only_here: name of a file that only this version has.

    Returns:
        The folder that is handed out.
    """
    frozen = work / f"frozen-{version}" / NAME
    libraries = frozen / INTERNAL / "libs"
    libraries.mkdir(parents=True)
    sleep = shutil.which("sleep")
    assert sleep
    shutil.copy(Path(sleep).resolve(), frozen / NAME)
    (libraries / "same.so").write_bytes(b"same in every version")
    (libraries / "version.so").write_text(version)
    (libraries / "with blank (1).so").write_bytes(b"x" * 100_000)
    (frozen / INTERNAL / "same.so").symlink_to("libs/same.so")
    if only_here:
        (libraries / only_here).write_text("old")
    target = work / f"dist-{version}" / product().executable
    target.parent.mkdir()
    # A few data files are as good as all, and installing takes a third of the time.
    assemble(frozen, development_folder(), target, data=data_files()[:2])
    return target


def product() -> ProductBrand:
    """The names that the brand of this tree gives."""
    return read_brand(development_folder()).product


@dataclass
class Home:
    """A scratch home folder, what was in it before, and what the installer does to it."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)
    interpreter: tuple[str, ...] = ("/bin/sh",)

    def __post_init__(self) -> None:
        self.path.mkdir(parents=True, exist_ok=True)
        (self.path / "Dokumenty").mkdir()
        (self.path / "Dokumenty" / "list.txt").write_text("mine")
        self.before = listing(self.path)

    def copy(self, target: Path) -> Home:
        """This home with everything in it, elsewhere."""
        home = Home(target, self.environment, self.interpreter)
        shutil.copytree(self.path, target, symlinks=True, dirs_exist_ok=True)
        return home

    @property
    def data(self) -> Path:
        """Where data folders of programs lie."""
        return Path(self.environment.get("XDG_DATA_HOME", self.path / ".local/share"))

    @property
    def root(self) -> Path:
        """The program's own folder."""
        return self.data / product().package

    @property
    def program(self) -> Path:
        """The installed executable."""
        return self.root / "app" / product().executable

    @property
    def entry(self) -> Path:
        """The menu entry."""
        return self.data / "applications" / f"{product().bundle_id}.desktop"

    @property
    def command(self) -> Path:
        """The link for terminals."""
        return self.path / ".local/bin" / product().executable

    def version(self) -> str:
        """The version that the link to the program leads to, "" when there is none."""
        file = self.root / "app" / INTERNAL / "libs" / "version.so"
        return file.read_text() if file.exists() else ""

    def list(self) -> dict[str, Any]:
        """The list of what was installed."""
        data: dict[str, Any] = json.loads((self.root / LIST_NAME).read_text(encoding="utf-8"))
        return data

    def install(self, folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the installer of a folder for this home."""
        return subprocess.run(
            [*self.interpreter, str(folder / "install.sh"), "--no-run", *arguments],
            env={"PATH": os.environ["PATH"], "HOME": str(self.path), **self.environment, **environment},
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
            # A group of its own, so that a test can kill all of it.
            start_new_session=True,
        )

    def installed(self, folder: Path, *arguments: str) -> Home:
        """Install; it must succeed."""
        run = self.install(folder, *arguments)
        assert run.returncode == 0, run.stderr
        assert run.stdout.splitlines()[-1] == str(self.program)
        return self

    def removal(self) -> RemovalService:
        """The service as the installed program makes it."""
        package = product().package
        user = Folders(
            data=self.root / "outbox",
            state=self.path / ".local/state" / package,
            config=self.path / ".config" / package,
        )
        return RemovalService(
            find_list(self.program) or self.root / LIST_NAME,
            user,
            Outbox(user.outbox_file),
            send_due=lambda: None,
            stop_log=lambda: None,
        )

    def remove(self) -> RemovalView:
        """Remove what was installed."""
        return self.removal().remove()
