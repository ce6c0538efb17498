"""The log by allow-list: whatever is logged, nothing of a person reaches the file."""

from __future__ import annotations

import logging
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from client_app.core.errors import ErrorCode
from client_app.services.log import ALLOWED, FILE_BYTES, LOGGER, AllowListFormatter, start_log
from client_app.services.paths import LOG_KEPT, user_folders

SECRETS = ("Jan Nowak", "jan@example.com", "123 456 782", "ab" * 32, "Żółta 7")


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "state" / "client.log"
    stop = start_log(path)
    yield path
    stop()


def lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_personal_is_written_however_it_is_logged(file: Path, secret: str) -> None:
    log = logging.getLogger(f"{LOGGER}.services.some")
    log.info(secret)
    log.info("hello %s", secret)
    log.info(f"hello_{secret}")
    log.info("event", extra={"person": secret})
    log.info("event", extra={"detail": secret})
    log.info({"name": secret})
    for name in sorted(ALLOWED):
        log.info("event", extra={name: secret})
    text = file.read_text(encoding="utf-8")
    assert secret not in text
    assert "redacted" in text


@pytest.mark.parametrize("digits", ["123456782", "12345678", "111222333"])
def test_dictated_numbers_are_not_written_even_in_an_allowed_field(file: Path, digits: str) -> None:
    logging.getLogger(LOGGER).info("event", extra={"code": digits, "count": int(digits)})
    assert digits not in file.read_text(encoding="utf-8")


def test_an_exception_leaves_its_type_and_places_only(file: Path) -> None:
    log = logging.getLogger(f"{LOGGER}.x")

    def fail() -> None:
        raise ValueError("Jan Nowak")

    try:
        fail()
    except ValueError:
        log.info("task_crashed", exc_info=True)
    text = file.read_text(encoding="utf-8")
    assert "Nowak" not in text
    assert "ValueError" in text
    assert "test_log.py" in text
    assert " fail" in text


def test_an_event_with_its_fields(file: Path) -> None:
    logging.getLogger(f"{LOGGER}.services.delivery").info(
        "record_refused",
        extra={"code": ErrorCode.NO_CONNECTION, "seconds": 1.5, "record_kind": "consent", "count": None},
    )
    (line,) = lines(file)
    assert line.endswith(
        "INFO client_app.services.delivery record_refused code=K-10 count=None record_kind=consent seconds=1.5"
    )


def test_libraries_are_not_in_the_log(file: Path) -> None:
    for name in ("requests.sessions", "urllib3.connectionpool"):
        logging.getLogger(name).info("GET /v1/cases/secret")
    assert lines(file) == []


def test_only_this_user_can_read_it_also_after_it_was_turned_over(file: Path) -> None:
    log = logging.getLogger(LOGGER)
    for _ in range(3 * FILE_BYTES // 60):
        log.info("event", extra={"kind": "x" * 40})
    files = sorted(file.parent.iterdir())
    assert 1 < len(files) <= LOG_KEPT + 1
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}
    assert all(f.stat().st_size <= FILE_BYTES for f in files)
    known = {p.name for p in user_folders("x", file.parent).own_files()}
    assert {f.name for f in files} <= known


def test_after_its_end_no_file_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "client.log"
    stop = start_log(path)
    logging.getLogger(LOGGER).info("event")
    stop()
    path.unlink()
    logging.getLogger(LOGGER).info("event")
    stop()
    assert list(tmp_path.iterdir()) == []


def test_every_event_of_the_program_is_a_plain_name() -> None:
    """A message that is none would be redacted: its author would look for it in vain."""
    import ast

    import client_app
    from client_app.services.log import _EVENT

    found = 0
    for source in Path(client_app.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            is_log = (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in ("_log", "log")
            )
            if not is_log or not isinstance(node, ast.Call):
                continue
            (message,) = node.args[:1]
            where = f"{source.name}:{node.lineno}"
            assert isinstance(message, ast.Constant), where
            assert _EVENT.fullmatch(str(message.value)), where
            assert len(node.args) == 1, where
            fields = [k.value for k in node.keywords if k.arg == "extra"]
            names = [ast.literal_eval(n) for f in fields if isinstance(f, ast.Dict) for n in f.keys if n]
            assert set(names) <= ALLOWED, (where, set(names) - ALLOWED)
            found += 1
    assert found > 10


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(
    st.text(max_size=100), st.dictionaries(st.text(min_size=1, max_size=20), st.text(max_size=60), max_size=3)
)
def test_no_record_breaks_the_line(message: str, fields: dict[str, str]) -> None:
    extra = {f"x{name}": value for name, value in fields.items()}
    record = logging.LogRecord("client_app", logging.INFO, "f", 1, message, (), None)
    vars(record).update(extra)
    line = AllowListFormatter().format(record)
    assert "\n" not in line.replace("\\n", "") or not line.isprintable()
