"""Certificates: the system's store decides, always. A real TLS server on loopback; keys in tls/ are for tests only."""

from __future__ import annotations

import inspect
import ssl
from pathlib import Path

import pytest

from client_app.core.errors import CustomerError, ErrorCode
from client_app.services.http import Door, Limits, Method
from tests.unit.services.server import reply, serving

TLS = Path(__file__).parent / "tls"
QUICK = Limits(2.0, 2.0, 5.0)


def server_context(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / name)
    return context


@pytest.fixture
def trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the test root the only one in the system's store, the way an administrator would."""
    monkeypatch.setenv("SSL_CERT_FILE", str(TLS / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_DIR", str(TLS / "none"))


def call(url: str) -> bytes:
    return Door(url, agent="test/1", limits=QUICK).call(Method.GET, "/v1/health")


def test_an_unknown_root_is_refused_and_nothing_is_sent() -> None:
    with serving(lambda _a, _s: reply(b"{}"), server_context("server.pem")) as server:
        with pytest.raises(CustomerError) as caught:
            call(f"https://localhost:{server.port}")
    assert caught.value.code is ErrorCode.CONNECTION_INSPECTED
    assert server.asked == []


@pytest.mark.usefixtures("trusted")
def test_a_certificate_for_another_name_is_refused() -> None:
    with serving(lambda _a, _s: reply(b"{}"), server_context("other.pem")) as server:
        with pytest.raises(CustomerError) as caught:
            call(f"https://localhost:{server.port}")
    assert caught.value.code is ErrorCode.CONNECTION_INSPECTED
    assert server.asked == []


@pytest.mark.usefixtures("trusted")
def test_an_old_protocol_is_refused() -> None:
    context = server_context("server.pem")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with serving(lambda _a, _s: reply(b"{}"), context) as server, pytest.raises(CustomerError) as caught:
        call(f"https://localhost:{server.port}")
    assert caught.value.code is ErrorCode.CONNECTION_INSPECTED


def test_a_server_without_tls_is_refused() -> None:
    with serving(lambda _a, _s: reply(b"{}")) as server, pytest.raises(CustomerError) as caught:
        call(f"https://localhost:{server.port}")
    assert caught.value.code in (ErrorCode.CONNECTION_INSPECTED, ErrorCode.NO_CONNECTION)
    assert all(asked.path != "/v1/health" for asked in server.asked)


@pytest.mark.usefixtures("trusted")
def test_a_root_of_the_system_is_enough_and_the_connection_is_kept() -> None:
    with serving(lambda _a, _s: reply(b"{}"), server_context("server.pem")) as server:
        door = Door(f"https://localhost:{server.port}", agent="test/1", limits=QUICK)
        assert [door.call(Method.GET, "/v1/health") for _ in range(3)] == [b"{}"] * 3
        assert server.connections == 1


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_environment_variables_of_the_library_change_nothing(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(TLS / "ca.pem"))
    with serving(lambda _a, _s: reply(b"{}"), server_context("server.pem")) as server:
        with pytest.raises(CustomerError) as caught:
            call(f"https://localhost:{server.port}")
    assert caught.value.code is ErrorCode.CONNECTION_INSPECTED


def test_there_is_no_switch() -> None:
    names = {*inspect.signature(Door.__init__).parameters, *inspect.signature(Door.call).parameters}
    assert not {name for name in names if "verif" in name or "cert" in name or "insecure" in name}


def test_an_adapter_that_is_told_not_to_verify_verifies() -> None:
    import requests

    from client_app.services.transport import _SystemTrustAdapter

    with serving(lambda _a, _s: reply(b"{}"), server_context("server.pem")) as server:
        prepared = requests.Request("GET", f"https://localhost:{server.port}/").prepare()
        with pytest.raises(requests.exceptions.SSLError):
            _SystemTrustAdapter().send(prepared, verify=False, timeout=5)
