"""The client's command line; above all what the frozen program must not take."""

from pathlib import Path

import pytest

from client_app.options import UsageError, own_company_folder, parse


@pytest.mark.parametrize("name", ["--company", "--data", "--installed"])
def test_the_frozen_program_takes_no_other_company(name: str) -> None:
    with pytest.raises(UsageError, match="not for the frozen program"):
        parse([name, "/tmp/evil"], frozen=True)


@pytest.mark.parametrize("arguments", [["--what"], ["--company"], ["--language", "de"], ["file"]])
def test_what_is_not_known_is_said(arguments: list[str]) -> None:
    with pytest.raises(UsageError, match="usage:"):
        parse(arguments, frozen=False)


def test_the_defaults_are_this_program_in_polish() -> None:
    options = parse([], frozen=True)
    assert options.company == own_company_folder()
    assert (options.language, options.data, options.installed) == ("pl", None, None)


def test_from_source_everything_can_be_set() -> None:
    arguments = ["--company", "/c", "--data", "/d", "--installed", "/i", "--language", "en", "--version"]
    options = parse(arguments, frozen=False)
    assert (options.company, options.data, options.installed) == (Path("/c"), Path("/d"), Path("/i"))
    assert (options.language, options.show_version, options.show_help) == ("en", True, False)
