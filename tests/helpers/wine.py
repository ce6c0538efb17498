"""The test suite on Windows: what is left out there, each with its reason, in one table.

A pytest plugin, silent on other systems. Reasons are of two kinds: a limit of wine 8 (LIMITS, by name; the test would
pass on a real Windows), and something that only another system has. An entry that fits no test of a file that was
collected fails the run, so that the table cannot outlive its tests.
"""

from __future__ import annotations

import ctypes
import os
from pathlib import Path

import pytest

LIMITS = {
    "psutil-name": "psutil's name() and exe() fail with OSError 22 or 87",
    "access-lists": "files keep no access list of their own: no protection from inheriting, no owner rights",
    "symbolic-links": "there are none; os.symlink makes something that is no link",
    "tls-leaf": "an unknown authority is accepted when the server sends only its own certificate",
    "dpi": "no scaling of window frames and no awareness of each monitor; Qt warns of it and goes on",
    "fonts": "there is no Segoe UI; the face in its place is wider and higher: what just fits does not",
    "no-printer": "there is no printer, and Qt's dialog on Windows takes a native one only",
    "first-instance": "FILE_FLAG_FIRST_PIPE_INSTANCE is not obeyed: a pipe that another process shares can be joined",
    "queue-time": "nobody tells how long a thread stood in the queue: a busy machine looks like a slow program",
    "network-information": "QNetworkInformation ends the process",
    "service-restart": "the service manager keeps no failure actions: a killed service stays dead",
}
"""Limits of wine 8, by name; docs/windows.md tells how each was seen."""

POSIX_MODES = "modes and owners of files are POSIX's; Windows has access lists (tests/windows/test_files.py)"
BUILD_MACHINE = "a rule of the source tree or a tool of the build machine (git, bash, make), checked there"
LINUX_REMOVAL = "removal by list is Linux's; Windows removes by its own uninstaller"

_DPI_WARNINGS = (
    r"EnableNonClientDpiScaling\(\) failed .*Call not implemented",
    r"PerMonitorVersion2 is not supported by current system",
)

LEFT_OUT_FOLDERS = {
    "backend": "the backend is a server for Linux",
    "integration": "needs the backend (a server for Linux); tests/windows/test_whole_path.py runs beside one",
    "bench": "floors are measured on Linux",
}
_IS_WINDOWS = os.name == "nt"
_TESTS = Path(__file__).resolve().parent.parent

# The beginning of a test's id -> why it does not run on Windows: a name of LIMITS, or a sentence.
LEFT_OUT = {
    "tests/contracts/test_relay.py": "the relay's certificate is made with openssl of the build machine",
    "tests/harness/test_ui_watchdog.py::test_block_is_found_once_with_its_stack[all-computes": "queue-time",
    "tests/harness/test_ui_watchdog.py::test_block_is_found_once_with_its_stack[folder-computes": "queue-time",
    "tests/ui/test_look.py::test_the_code_can_be_typed_on_a_small_window": "fonts",
    "tests/ui/test_look.py::test_the_usual_path_needs_no_scrolling[order_ticked": "fonts",
    "tests/ui/test_printing.py::test_while_the_dialog_is_open": "no-printer",
    "tests/ui/test_printing.py::test_accepting_the_dialog_prints": "no-printer",
    "tests/unit/anydesk/test_copy_attacks.py": POSIX_MODES,
    "tests/unit/anydesk/test_download.py::test_a_link_in_the_place": "symbolic-links",
    "tests/unit/anydesk/test_keeper.py::test_nothing_is_started": "paths of the fake guardian are POSIX paths",
    "tests/unit/anydesk/test_keeper.py::test_started_once": "paths of the fake guardian are POSIX paths",
    "tests/unit/anydesk/test_keeper.py::test_written_to_between": "paths of the fake guardian are POSIX paths",
    "tests/unit/anydesk/test_macos_half.py::test_the_table_knows_this_process": "psutil-name",
    "tests/unit/anydesk/test_private_copy.py": POSIX_MODES,
    "tests/unit/anydesk/test_verified.py": POSIX_MODES,
    "tests/unit/services/test_computer.py::test_display_on_linux": "X11 and Wayland are Linux's",
    "tests/unit/services/test_consent.py::test_unsent_and_refused_records_are_saved": POSIX_MODES,
    "tests/unit/services/test_files.py::test_a_file_is_replaced_as_a_whole": POSIX_MODES,
    "tests/unit/services/test_files.py::test_folders_of_the_user": "XDG folders are Linux's",
    "tests/unit/services/test_files.py::test_private_means_private": POSIX_MODES,
    "tests/unit/services/test_log.py::test_only_this_user_can_read_it": POSIX_MODES,
    "tests/unit/services/test_outbox.py::test_only_this_user_can_read_it": POSIX_MODES,
    "tests/unit/services/test_release.py::test_over_https": "SSL_CERT_FILE is read by OpenSSL only",
    "tests/unit/services/test_removal.py": LINUX_REMOVAL,
    "tests/unit/services/test_removal_dangers.py": LINUX_REMOVAL,
    "tests/unit/services/test_safe_delete.py": LINUX_REMOVAL,
    "tests/unit/services/test_tls.py::test_a_root_of_the_system_is_enough": "SSL_CERT_FILE is read by OpenSSL only",
    "tests/unit/test_bench.py::test_a_program_that_": "the benches wait with select on pipes; they measure on Linux",
    "tests/unit/test_catalogue.py::test_days_and_times": "a time zone by its name in TZ is POSIX's",
    "tests/unit/test_ci_script.py": BUILD_MACHINE,
    "tests/unit/test_notices.py": BUILD_MACHINE,
    "tests/unit/test_project_rules.py": BUILD_MACHINE,
    "tests/unit/test_saving.py::test_a_link_in_the_way": "symbolic-links",
    "tests/unit/test_saving.py::test_file_has_the_users_own_rights": POSIX_MODES,
    "tests/unit/test_saving.py::test_folder_without_the_right_to_write": POSIX_MODES,
    "tests/unit/test_saving.py::test_full_disk": "the limit on a file's size (setrlimit) is POSIX's",
}


def reason_of(why: str) -> str:
    """Return the sentence of a skip: a limit of wine with its name, or the given sentence."""
    return f"wine: {why}: {LIMITS[why]}" if why in LIMITS else f"not on Windows: {why}"


def is_wine() -> bool:
    """Whether this Windows is wine (which has one function more in ntdll)."""
    if not _IS_WINDOWS:
        return False
    return hasattr(vars(ctypes)["WinDLL"]("ntdll"), "wine_get_version")


def wine_limit(name: str) -> pytest.MarkDecorator:
    """Return a mark for a test that a limit of wine makes impossible; it runs on a real Windows.

    Raises:
        KeyError: there is no such limit in LIMITS.
    """
    return pytest.mark.skipif(is_wine(), reason=f"wine: {name}: {LIMITS[name]}")


def pytest_configure(config: pytest.Config) -> None:
    """Lets Qt's warnings of the limit "dpi" pass."""
    if is_wine():
        config.getini("qt_log_ignore").extend(_DPI_WARNINGS)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what the table names, and refuses entries that fit nothing."""
    if not _IS_WINDOWS:
        return
    unused = dict(LEFT_OUT)
    for item in items:
        for start, why in LEFT_OUT.items():
            if item.nodeid.startswith(start):
                item.add_marker(pytest.mark.skip(reason=reason_of(why)))
                unused.pop(start, None)
    whole = {item.nodeid.partition("::")[0] for item in items}
    # With some tests picked by their id, an entry for others of the file fits nothing and is right.
    is_picked = any("::" in argument for argument in config.args)
    stale = [start for start in unused if start.partition("::")[0] in whole]
    if stale and not is_picked:
        raise pytest.UsageError(f"{Path(__file__).name}: fits no test: {', '.join(stale)}")


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leaves out the folders of LEFT_OUT_FOLDERS; most of their files cannot even be imported here."""
    if not _IS_WINDOWS or collection_path.parent != _TESTS:
        return None
    return True if collection_path.name in LEFT_OUT_FOLDERS else None


def pytest_report_header() -> list[str]:
    """Says which folders are left out."""
    if not _IS_WINDOWS:
        return []
    return [f"not on Windows: tests/{name}: {why}" for name, why in LEFT_OUT_FOLDERS.items()]
