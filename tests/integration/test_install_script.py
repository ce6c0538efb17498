"""The installer of Linux: what it makes, what it refuses, and that it leaves the old program or the new one."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.installs import Home, listing, make_program, product

WRONG_USE, DAMAGED, CANNOT_WRITE, NO_ROOM, IS_OPEN, NOT_YOURS = 64, 65, 73, 74, 75, 77


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program, in a folder with a blank and Polish letters."""
    return make_program(tmp_path_factory.mktemp("źródło z odstępem"), "1", only_here="old-only.so")


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its next version."""
    return make_program(tmp_path_factory.mktemp("second"), "2")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "Zażółć gęślą jaźń")


def exec_path(entry: Path) -> str:
    """Read the Exec key as the Desktop Entry Specification says: string escapes, then quotes, then field codes."""
    value = re.search(r"^Exec=(.*)$", entry.read_text(encoding="utf-8"), re.MULTILINE)
    assert value
    unescaped = re.sub(r"\\(.)", r"\1", value[1])
    quoted = re.fullmatch(r'"((?:[^"`$\\]|\\["`$\\])*)"', unescaped)
    assert quoted, unescaped
    return re.sub(r"\\(.)", r"\1", quoted[1]).replace("%%", "%")


def test_installs_a_program_that_runs(home: Home, first: Path) -> None:
    home.installed(first)
    for program in (home.program, home.command, Path(exec_path(home.entry))):
        assert subprocess.run([program, "0"], timeout=10, check=False).returncode == 0
    assert home.version() == "1"


@pytest.mark.parametrize(
    "name", ["a b", "zażółć", "'", '"', "$x`y`", "back\\slash", "100%", "%f", "-n", "a;b&c", "*"]
)
def test_any_name_of_a_home_folder_works(tmp_path: Path, first: Path, name: str) -> None:
    home = Home(tmp_path / name).installed(first)
    assert Path(exec_path(home.entry)) == home.program
    assert home.command.resolve() == home.program.resolve()
    assert home.remove().left == ()
    assert listing(home.path) == home.before


def test_a_line_break_in_the_name_of_the_home_folder_is_refused(tmp_path: Path, first: Path) -> None:
    home = Home(tmp_path / "a\nb")
    assert home.install(first).returncode == CANNOT_WRITE
    assert listing(home.path) == home.before


def test_the_list_names_every_file_with_its_hash(home: Home, first: Path) -> None:
    home.installed(first)
    named = {}
    for entry in home.list()["files"]:
        path = home.path / entry["path"]
        if "link" in entry:
            assert os.readlink(path) == entry["link"]
        else:
            content = path.read_bytes()
            assert (hashlib.sha256(content).hexdigest(), len(content)) == (entry["sha256"], entry["size"])
        named[entry["path"]] = entry
    made = listing(home.path) - home.before
    the_list = str((home.root / "installed-files.json").relative_to(home.path))
    assert {name for name in made if not name.endswith("/")} == {*named, the_list}
    assert {name.rstrip("/") for name in made if name.endswith("/")} == set(home.list()["folders"])


def test_the_menu_entry_is_valid(home: Home, first: Path) -> None:
    home.installed(first)
    text = home.entry.read_text(encoding="utf-8")
    names = product().name
    assert {f"Name={names.en}", f"Name[pl]={names.pl}", f"Icon={product().bundle_id}"} <= set(
        text.splitlines()
    )
    validator = shutil.which("desktop-file-validate")
    if validator is None:
        pytest.skip("desktop-file-validate (package desktop-file-utils) is not installed")
    run = subprocess.run([validator, home.entry], capture_output=True, text=True, timeout=10, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_an_update_leaves_no_stale_file(home: Home, first: Path, second: Path) -> None:
    home.installed(first)
    earlier = listing(home.path)
    home.installed(second)
    assert home.version() == "2"
    assert not [name for name in listing(home.path) if "old-only" in name]
    assert {name for name in listing(home.path) & earlier if "/app-" in name} == set()
    assert not [entry for entry in home.list()["files"] if "/app-1/" in entry["path"]]
    assert home.remove().left == ()
    assert listing(home.path) == home.before


def test_an_update_keeps_what_the_customer_put_there_and_says_so(
    home: Home, first: Path, second: Path
) -> None:
    home.installed(first)
    version = home.program.resolve().parent
    theirs = version / "_internal" / "notatka.txt"
    theirs.write_text("mine")
    changed = version / "_internal" / "libs" / "same.so"
    changed.write_text("changed")
    run = home.install(second)
    assert run.returncode == 0
    assert str(version) in run.stderr
    assert theirs.read_text() == "mine"
    assert {path for path in version.rglob("*") if not path.is_dir()} == {theirs, changed}
    assert set(home.remove().left) == {str(theirs), str(changed)}


def test_an_update_does_not_delete_through_a_link(
    home: Home, first: Path, second: Path, tmp_path: Path
) -> None:
    home.installed(first)
    libraries = home.program.resolve().parent / "_internal" / "libs"
    elsewhere = tmp_path / "other disk"
    shutil.move(libraries, elsewhere)
    libraries.symlink_to(elsewhere)
    before = listing(elsewhere)
    home.installed(second)
    assert listing(elsewhere) == before
    assert libraries.is_symlink()


def test_the_same_version_again_mends_a_damaged_installation(home: Home, first: Path) -> None:
    home.installed(first)
    (home.program.resolve().parent / "_internal/libs/version.so").unlink()
    home.installed(first)
    assert home.version() == "1"
    assert len(list(home.root.glob("app-*"))) == 1


def test_data_of_an_earlier_run_stays_through_an_update(home: Home, first: Path, second: Path) -> None:
    home.installed(first)
    outbox = home.root / "outbox" / "outbox.sqlite3"
    outbox.parent.mkdir(mode=0o700)
    outbox.write_text("records")
    home.installed(second)
    assert outbox.read_text() == "records"


# --- places that are not the usual ones ----------------------------------------------------------------------------


def test_home_given_by_name_does_not_use_the_folders_of_the_environment(tmp_path: Path, first: Path) -> None:
    home, other = Home(tmp_path / "one"), Home(tmp_path / "other")
    run = other.install(first, "--home", str(home.path), XDG_DATA_HOME=str(other.path / "data"))
    assert run.returncode == 0
    assert home.version() == "1"
    assert listing(other.path) == other.before


@pytest.mark.parametrize("where", ["home/.dane", "home/dane z odstępem", "elsewhere", "elsewhere/ą b"])
def test_data_folders_may_lie_elsewhere(tmp_path: Path, first: Path, second: Path, where: str) -> None:
    home = Home(tmp_path / "home", environment={"XDG_DATA_HOME": str(tmp_path / where)})
    home.installed(first).installed(second)
    assert home.version() == "2"
    assert home.entry.exists()
    assert home.remove().left == ()
    assert {name for name in listing(home.path) if where.split("/")[-1] not in name} == home.before


def test_a_relative_data_folder_is_ignored_as_the_standard_says(home: Home, first: Path) -> None:
    assert home.install(first, XDG_DATA_HOME="data").returncode == 0
    assert home.version() == "1"


def test_a_linked_data_folder_is_used_without_going_back_through_the_link(
    tmp_path: Path, first: Path
) -> None:
    home = Home(tmp_path / "home")
    disk = tmp_path / "disk"
    disk.mkdir()
    (home.path / ".local").mkdir()
    (home.path / ".local/share").symlink_to(disk)
    run = home.install(first)
    assert run.returncode == 0, run.stderr
    assert home.version() == "1"
    assert home.remove().left == ()
    assert listing(disk) == set()


def test_what_is_in_the_way_outside_is_left_alone_and_said(home: Home, first: Path) -> None:
    home.command.parent.mkdir(parents=True)
    home.command.write_text("somebody's own command")
    elsewhere = home.path / "dotfiles"
    elsewhere.mkdir()
    home.entry.parent.parent.mkdir(parents=True)
    home.entry.parent.symlink_to(elsewhere)
    before = listing(home.path)
    run = home.install(first)
    assert run.returncode == 0
    assert str(home.command) in run.stderr
    assert str(home.entry) in run.stderr
    assert home.version() == "1"
    assert home.remove().left == ()
    assert home.command.read_text() == "somebody's own command"
    assert listing(home.path) == before


# --- refusals: nothing is changed --------------------------------------------------------------------------------


def assert_refused(home: Home, folder: Path, code: int, *arguments: str, **environment: str) -> str:
    before = listing(home.path)
    run = home.install(folder, *arguments, **environment)
    assert run.returncode == code, run.stderr
    assert run.stdout == ""
    assert len(run.stderr.splitlines()) == 1
    assert run.stderr.startswith("install: ")
    assert listing(home.path) == before
    return run.stderr


@pytest.mark.parametrize("arguments", [["--system"], ["--home"], ["a", "b"], ["/no/such/folder"]])
def test_wrong_use(home: Home, first: Path, arguments: list[str]) -> None:
    assert_refused(home, first, WRONG_USE, *arguments)


def test_a_home_of_somebody_else(tmp_path: Path, first: Path) -> None:
    home = Home(tmp_path / "theirs")
    if os.geteuid() == 0:
        os.chown(home.path, 65534, 65534)
        assert "sudo" in assert_refused(home, first, NOT_YOURS)
    else:
        run = home.install(first, "--home", "/usr")
        assert run.returncode == NOT_YOURS


def test_a_home_that_is_not_there(home: Home, first: Path) -> None:
    assert_refused(home, first, CANNOT_WRITE, "--home", str(home.path / "none"))


def block_data(home: Home) -> None:
    (home.path / ".local").write_text("a file")


def block_program(home: Home) -> None:
    home.root.parent.mkdir(parents=True)
    home.root.write_text("a file")


def block_version(home: Home) -> None:
    (home.root / "app").mkdir(parents=True)
    (home.root / "app" / "mine").write_text("mine")


def block_list(home: Home) -> None:
    home.root.mkdir(parents=True)
    (home.root / "installed-files.json").symlink_to(home.path / "Dokumenty/list.txt")


def link_program(home: Home) -> None:
    home.root.parent.mkdir(parents=True)
    home.root.symlink_to(home.path / "Dokumenty")


@pytest.mark.parametrize("block", [block_data, block_program, block_version, block_list, link_program])
def test_a_place_that_cannot_be_written(home: Home, first: Path, block: object) -> None:
    assert callable(block)
    block(home)
    assert_refused(home, first, CANNOT_WRITE)


@pytest.fixture
def copy(first: Path, tmp_path: Path) -> Path:
    """A copy of the program that a test may damage."""
    return Path(shutil.copytree(first, tmp_path / "copy", symlinks=True))


@pytest.mark.parametrize(
    "name", ["_internal/libs/same.so", "product.files", "product.conf", "_internal/same.so"]
)
def test_a_program_with_a_file_missing(home: Home, copy: Path, name: str) -> None:
    (copy / name).unlink()
    assert_refused(home, copy, DAMAGED)


def test_a_program_that_was_changed(home: Home, copy: Path) -> None:
    (copy / "_internal/libs/version.so").write_text("9")
    assert "_internal/libs/version.so" in assert_refused(home, copy, DAMAGED)


def test_a_program_with_a_file_too_many(home: Home, copy: Path) -> None:
    (copy / "_internal/libs/evil.so").write_text("9")
    assert "_internal/libs/evil.so" in assert_refused(home, copy, DAMAGED)


def test_a_program_with_a_link_that_leads_elsewhere(home: Home, copy: Path) -> None:
    (copy / "_internal/same.so").unlink()
    (copy / "_internal/same.so").symlink_to("/etc/hostname")
    assert_refused(home, copy, DAMAGED)


@pytest.mark.parametrize("value", ["../../evil", "a/b", "", ".hidden", "-rf", "a;b"])
def test_names_that_are_no_plain_names(home: Home, copy: Path, value: str) -> None:
    conf = (copy / "product.conf").read_text()
    (copy / "product.conf").write_text(re.sub("^PACKAGE=.*", f"PACKAGE={value}", conf, flags=re.MULTILINE))
    assert_refused(home, copy, DAMAGED)


def test_an_update_while_the_program_is_open(home: Home, first: Path, second: Path) -> None:
    home.installed(first)
    with subprocess.Popen([home.program, "60"]) as running:
        try:
            assert_refused(home, second, IS_OPEN)
        finally:
            running.kill()
    assert home.version() == "1"
    home.installed(second)


def test_a_disk_with_too_little_room(home: Home, first: Path, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "df").write_text(
        "#!/bin/sh\nprintf 'Filesystem 1024-blocks Used Available\\n/dev/x 100 1 99 1%% /\\n'\n"
    )
    (tools / "df").chmod(0o755)
    path = f"{tools}:{os.environ['PATH']}"
    assert "MB" in assert_refused(home, first, NO_ROOM, PATH=path)
    polish = home.install(first, PATH=path, LANG="pl_PL.UTF-8")
    assert "Za mało miejsca" in polish.stderr


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of one megabyte, where this may be made."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, timeout=10, check=False).returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], timeout=10, check=True)


def test_a_disk_that_runs_full_in_between(small_disk: Path, copy: Path) -> None:
    """Nobody knew before: another program took the room meanwhile. The listing says that little is needed."""
    sizes = (copy / "product.files").read_text()
    (copy / "product.files").write_text(re.sub(r"\t\d+\t", "\t0\t", sizes))
    blob = copy / "_internal/libs/with blank (1).so"
    blob.write_bytes(os.urandom(3 << 20))
    tools = small_disk.parent / "tools"
    tools.mkdir()
    (tools / "awk").write_text(
        '#!/bin/sh\ncase "$*" in *1.1*) echo 100 ;; *) exec /usr/bin/awk "$@" ;; esac\n'
    )
    (tools / "awk").chmod(0o755)
    home = Home(small_disk / "home")
    assert_refused(home, copy, NO_ROOM, PATH=f"{tools}:{os.environ['PATH']}")


def test_busybox_is_enough(tmp_path: Path, first: Path, second: Path) -> None:
    busybox = shutil.which("busybox")
    if busybox is None:
        pytest.skip("busybox is not installed")
    tools = tmp_path / "tools"
    tools.mkdir()
    subprocess.run([busybox, "--install", "-s", str(tools)], timeout=30, check=True)
    home = Home(tmp_path / "home", environment={"PATH": str(tools)}, interpreter=(busybox, "sh"))
    home.installed(first).installed(second)
    assert home.version() == "2"
    assert home.remove().left == ()
    assert listing(home.path) == home.before
