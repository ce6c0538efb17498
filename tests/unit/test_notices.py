"""The notices of third parties are complete, current, and refuse a licence nobody has decided on."""

from __future__ import annotations

import importlib.metadata
from email.message import Message
from pathlib import Path

import pytest

from tools import notices


def test_unknown_licence_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = Message()
    metadata["License"] = "All rights reserved"
    monkeypatch.setattr(importlib.metadata, "metadata", lambda _name: metadata)
    with pytest.raises(notices.UnknownLicenceError, match="All rights reserved"):
        notices.licence_of("some-package")


def test_page_is_current() -> None:
    assert notices.PAGE.read_text(encoding="utf-8") == notices.render(), "run make lock"


def test_nothing_under_a_strong_copyleft_is_shipped() -> None:
    shipped = {notice.licence for notice in notices.notices("client")}
    assert not [licence for licence in shipped if licence.startswith(("GPL", "AGPL"))]


def test_collected_texts_cover_every_client_package(tmp_path: Path) -> None:
    names = {path.name for path in notices.collect(tmp_path)}
    # Qt's wheels carry no text; the GNU texts beside them are theirs.
    without_text = {"pyside6-essentials", "shiboken6", "colorama", "tzdata"}
    for package, _ in notices.locked("client"):
        assert package in without_text or any(name.startswith(package) for name in names), package
    assert {"LGPL-3.0.txt", "GPL-3.0.txt", "THIRD-PARTY.md"} <= names
