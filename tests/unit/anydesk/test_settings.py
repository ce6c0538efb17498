"""Settings of our client: unsafe first, then unknown, then safe."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client_app.core.anydesk import Setting
from client_app.core.anydesk_system import DataPlaces
from client_app.services.anydesk.settings import (
    UnreadableSettingsError,
    has_password,
    judge_settings,
    parse_settings,
    profile_names,
    read_settings,
    read_settings_file,
    unreadable_findings,
)
from client_app.services.anydesk.settings_watch import SettingsWatch

TECHNICIANS = frozenset(("221436813",))
DEFAULT = "ad.security.permission_profiles._default.permissions."


def verdict(settings: dict[str, str], setting: Setting, **options: object) -> bool | None:
    findings = judge_settings(settings, technician_numbers=TECHNICIANS, **options)  # type: ignore[arg-type]
    return next(finding.is_safe for finding in findings if finding.setting is setting)


@pytest.mark.parametrize(
    ("settings", "setting"),
    [
        ({"ad.anynet.pwd_hash": "5e"}, Setting.UNATTENDED_PASSWORD),
        ({"ad.security.pwd": "5e"}, Setting.UNATTENDED_PASSWORD),
        ({"ad.security.permission_profiles._unattended_access.pwd": "5e"}, Setting.UNATTENDED_PASSWORD),
        ({"ad.security.permission_profiles._full_access.pwd": "5e"}, Setting.UNATTENDED_PASSWORD),
        ({"ad.security.permission_profiles.mine.pwd": "5e"}, Setting.UNATTENDED_PASSWORD),
        ({"ad.security.unattended_access_override_password": "5e"}, Setting.UNATTENDED_PASSWORD),
        ({"ad.features.unattended": "true"}, Setting.UNATTENDED_PASSWORD),
        ({"ad.security.unattended_access_enabled": "1"}, Setting.UNATTENDED_PASSWORD),
        ({"ad.security.interactive_access": "2"}, Setting.ASKS_ALWAYS),
        ({"ad.security.acl_list": "987654321:true"}, Setting.ACCESS_LIST),
        ({"ad.security.acl_list": "221436813:true;987654321:true"}, Setting.ACCESS_LIST),
        ({"ad.security.acl_list": "*@evil:true"}, Setting.ACCESS_LIST),
        ({"ad.security.acl_list": "anna@bit.evil:true"}, Setting.ACCESS_LIST),
        ({DEFAULT + "block_input": "1"}, Setting.BLOCK_INPUT),
        ({DEFAULT + "privacy_feature": "true"}, Setting.PRIVACY_FEATURE),
        ({DEFAULT + "record_session": "1"}, Setting.RECORD_SESSION),
        ({DEFAULT + "tcp_tunnel": "1"}, Setting.TCP_TUNNEL),
        ({DEFAULT + "vpn": "1"}, Setting.VPN),
        ({DEFAULT + "file_manager": "1"}, Setting.FILE_MANAGER),
        ({"ad.security.tcp_tunnel": "true"}, Setting.TCP_TUNNEL),
        ({"ad.security.permission_profiles.mine.permissions.vpn": "1"}, Setting.VPN),
    ],
)
def test_unsafe(settings: dict[str, str], setting: Setting) -> None:
    assert verdict(settings, setting, namespace="bit") is False


@pytest.mark.parametrize("setting", list(Setting))
def test_what_is_not_written_is_unknown_but_for_a_password(setting: Setting) -> None:
    expected = True if setting is Setting.UNATTENDED_PASSWORD else None
    assert verdict({"ad.anynet.id": "1"}, setting) is expected


@pytest.mark.parametrize(
    ("settings", "setting"),
    [
        ({"ad.security.interactive_access": "7"}, Setting.ASKS_ALWAYS),
        ({DEFAULT + "vpn": "perhaps"}, Setting.VPN),
        ({"ad.security.acl_enabled": "false"}, Setting.ACCESS_LIST),
        ({"ad.security.acl_enabled": "true", "ad.security.acl_list": ""}, Setting.ACCESS_LIST),
    ],
)
def test_not_understood_is_unknown(settings: dict[str, str], setting: Setting) -> None:
    assert verdict(settings, setting) is None


@pytest.mark.parametrize(
    ("settings", "setting"),
    [
        ({"ad.security.acl_enabled": "true", "ad.security.acl_list": "221436813:true"}, Setting.ACCESS_LIST),
        ({"ad.security.acl_enabled": "true", "ad.security.acl_list": "*@BIT:true;"}, Setting.ACCESS_LIST),
        (
            {"ad.security.acl_enabled": "1", "ad.security.acl_list": "221436813:true;987654321:false"},
            Setting.ACCESS_LIST,
        ),
        ({"ad.anynet.pwd_hash": ""}, Setting.UNATTENDED_PASSWORD),
        ({"ad.security.interactive_access": "0"}, Setting.ASKS_ALWAYS),
        ({"ad.security.interactive_access": "1"}, Setting.ASKS_ALWAYS),
        ({DEFAULT + "vpn": "0", "ad.security.vpn": "false"}, Setting.VPN),
    ],
)
def test_safe(settings: dict[str, str], setting: Setting) -> None:
    assert verdict(settings, setting, namespace="bit") is True


def test_profiles_for_access_by_password_allow_everything_by_nature() -> None:
    assert verdict({"ad.security.permission_profiles._full_access.permissions.vpn": "1"}, Setting.VPN) is None


def test_the_company_may_allow_the_file_manager() -> None:
    allowed = frozenset(("file_manager",))
    settings = {DEFAULT + "file_manager": "1"}
    assert verdict(settings, Setting.FILE_MANAGER, allowed_features=allowed) is True
    assert verdict({DEFAULT + "vpn": "1"}, Setting.VPN, allowed_features=allowed) is False


def test_no_settings_at_all_is_all_unknown() -> None:
    findings = judge_settings(None, technician_numbers=TECHNICIANS)
    assert [finding.setting for finding in findings] == list(Setting)
    assert {finding.is_safe for finding in (*findings, *unreadable_findings())} == {None}


def test_a_finding_never_holds_a_value() -> None:
    findings = judge_settings(
        {"ad.anynet.pwd_hash": "secret", "ad.security.acl_list": "987654321:true"}, technician_numbers=()
    )
    assert not any("secret" in finding.detail or "987654321" in finding.detail for finding in findings)


def test_files_are_read_in_every_encoding_and_from_all_places(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    (one / "system.conf").write_text("AD.Anynet.ID = 123456789\nnonsense\n", "utf-16")
    (two / "user.conf").write_bytes("\ufeffad.security.interactive_access=2\r\n".encode())
    places = DataPlaces((one, two, tmp_path / "none"), ("anydesk.trace",))
    assert read_settings(places) == {"ad.anynet.id": "123456789", "ad.security.interactive_access": "2"}


def test_no_file_is_none(tmp_path: Path) -> None:
    assert read_settings(DataPlaces((tmp_path,), ())) is None


@pytest.mark.parametrize("content", [b"\xff\xff\xff", b"a=" + b"x" * 2_000_000], ids=["no text", "too long"])
def test_a_file_that_cannot_be_read_is_said_to_be(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "system.conf").write_bytes(content)
    with pytest.raises(UnreadableSettingsError):
        read_settings(DataPlaces((tmp_path,), ()))
    (tmp_path / "system.conf").unlink()
    (tmp_path / "system.conf").mkdir()
    with pytest.raises(UnreadableSettingsError):
        read_settings(DataPlaces((tmp_path,), ()))


@given(st.text())
def test_any_text_is_judged_without_an_exception(text: str) -> None:
    settings = parse_settings(text)
    judge_settings(settings, technician_numbers=TECHNICIANS, namespace="bit")
    has_password(settings)
    profile_names(settings)


def test_profile_names() -> None:
    settings = {
        DEFAULT + "vpn": "0",
        "ad.security.permission_profiles.evil.permissions.input": "1",
        "ad.security.permission_profiles.address_to_profile": "221436813:00",
        "ad.security.permission_profiles.version": "1",
    }
    assert profile_names(settings) == {"_default", "evil"}


class TestWhileItRuns:
    def test_what_was_there_before_or_is_not_known_is_no_news(self, tmp_path: Path) -> None:
        (tmp_path / "system.conf").write_text("ad.anynet.pwd_hash=1\n")
        for before in (True, None):
            assert not SettingsWatch(DataPlaces((tmp_path,), ()), before).has_new_password()

    def test_a_password_that_appears_is_seen_and_files_that_stay_are_not_read(self, tmp_path: Path) -> None:
        watch = SettingsWatch(DataPlaces((tmp_path,), ()), False)
        path = tmp_path / "system.conf"
        assert not watch.has_new_password()
        path.write_text("ad.anynet.id=123456789\n")
        assert not watch.has_new_password()
        path.write_bytes(b"\xff\xff\xff")
        assert not watch.has_new_password()
        path.write_text("ad.anynet.pwd_hash=1\n")
        assert watch.has_new_password()
        assert not watch.has_new_password()

    @pytest.mark.parametrize(("value", "is_safe"), [("true", None), ("false", True), ("", True)])
    def test_saved_log_ins_are_told(self, value: str, is_safe: bool | None) -> None:
        findings = judge_settings({"ad.security.allow_logon_token": value}, technician_numbers=())
        found = next(one for one in findings if one.setting is Setting.UNATTENDED_PASSWORD)
        assert found.is_safe is is_safe


@pytest.mark.skipif(os.name == "nt", reason="a pipe cannot stand in a file's place")
def test_a_pipe_in_the_place_of_the_settings_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "user.conf")
    with pytest.raises(UnreadableSettingsError):
        read_settings_file(tmp_path / "user.conf")
