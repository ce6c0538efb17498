"""The system's proxy for an address, PAC files included, as Qt finds it."""

from collections.abc import Mapping
from urllib.parse import quote

from PySide6.QtCore import QUrl
from PySide6.QtNetwork import QNetworkProxy, QNetworkProxyFactory, QNetworkProxyQuery

_SCHEMES = {
    QNetworkProxy.ProxyType.HttpProxy: "http",
    QNetworkProxy.ProxyType.HttpCachingProxy: "http",
    QNetworkProxy.ProxyType.Socks5Proxy: "socks5h",
}


def find_proxies(url: str) -> Mapping[str, str]:
    """Return the proxies for `url` as requests takes them; empty for a direct connection.

    May take seconds when a PAC file has to be fetched, so it belongs on a worker thread.
    """
    for proxy in QNetworkProxyFactory.systemProxyForQuery(QNetworkProxyQuery(QUrl(url))):
        scheme = _SCHEMES.get(proxy.type())
        if proxy.type() is QNetworkProxy.ProxyType.NoProxy:
            return {}
        if scheme is None or not proxy.hostName():
            continue
        login = ""
        if proxy.user():
            login = f"{quote(proxy.user(), safe='')}:{quote(proxy.password(), safe='')}@"
        address = f"{scheme}://{login}{proxy.hostName()}:{proxy.port()}"
        return {"http": address, "https": address}
    return {}
