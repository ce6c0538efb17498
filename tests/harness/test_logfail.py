"""Unannounced warnings fail a test; announced ones must come."""

from __future__ import annotations

import pytest

pytest_plugins = ("pytester",)

PLUGIN = ("-p", "tests.helpers.logfail", "-p", "no:randomly", "-p", "no:cacheprovider")


def _outcomes(pytester: pytest.Pytester, source: str) -> dict[str, int]:
    pytester.makepyfile(source)
    return pytester.runpytest_inprocess(*PLUGIN).parseoutcomes()


def test_record_of_a_logger_that_does_not_propagate_fails(pytester: pytest.Pytester) -> None:
    outcomes = _outcomes(
        pytester,
        """
        import logging
        def test_quiet():
            logger = logging.getLogger("a.b")
            logger.propagate = False
            logger.addHandler(logging.NullHandler())
            logger.warning("disk %s", "full")
        """,
    )
    assert outcomes == {"passed": 1, "errors": 1}


def test_record_below_warning_passes(pytester: pytest.Pytester) -> None:
    outcomes = _outcomes(
        pytester, "import logging\ndef test_info(): logging.getLogger('a').info('started')\n"
    )
    assert outcomes == {"passed": 1}


@pytest.mark.parametrize(
    ("logged", "expected"),
    [
        ("logging.getLogger('a.b').error('disk full')", {"passed": 1}),
        ("logging.getLogger('ab').error('disk full')", {"passed": 1, "errors": 1}),
        ("logging.getLogger('a.b').error('disk gone')", {"passed": 1, "errors": 1}),
        ("None", {"passed": 1, "errors": 1}),
    ],
    ids=["announced", "other-logger", "other-text", "never-came"],
)
def test_marker(pytester: pytest.Pytester, logged: str, expected: dict[str, int]) -> None:
    source = f"import logging, pytest\n@pytest.mark.expect_log('a', 'disk full')\ndef test_it(): {logged}\n"
    assert _outcomes(pytester, source) == expected


def test_fixture_covers_its_block_only(pytester: pytest.Pytester) -> None:
    outcomes = _outcomes(
        pytester,
        """
        import logging
        def test_inside(expect_log):
            with expect_log("a", "full"):
                logging.getLogger("a").warning("disk full")
        def test_outside(expect_log):
            with expect_log("a", "full"):
                logging.getLogger("a").warning("disk full")
            logging.getLogger("a").warning("disk full")
        def test_missing(expect_log):
            with expect_log("a", "full"):
                pass
        """,
    )
    assert outcomes == {"passed": 2, "failed": 1, "errors": 1}
