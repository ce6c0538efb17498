"""`serve`: the consent API and the console on one port."""

import argparse
import gc
import ipaddress
import logging
import socket
import sys
from typing import Any

import msgspec

from consent_backend.addresses import parse_proxy
from consent_backend.keyring import LOCAL_ROOT_NOTICE
from consent_backend.settings import DEFAULT_HOST, DEFAULT_PORT, REQUEST_SECONDS, DataFolder


def add_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "serve", parents=[common], help="run the backend; a first start makes all it needs"
    )
    parser.add_argument("--host", default=DEFAULT_HOST, help="address to listen on (default: %(default)s)")
    parser.add_argument(
        "--port", type=int, default=DEFAULT_PORT, help="port; 0 takes a free one (default: %(default)s)"
    )
    parser.add_argument(
        "--public-url", default="", help="address that clients use, when a proxy stands before"
    )
    parser.add_argument(
        "--proxy",
        action="append",
        type=parse_proxy,
        default=[],
        metavar="ADDRESS",
        help="a proxy that stands before and names its clients in X-Forwarded-For (address or network; may be "
        "repeated). Without it all who come through a proxy share the limits against guessing",
    )
    parser.add_argument(
        "--print-ready",
        action="store_true",
        help='print one line READY {"url": ..., "root": ...} when it answers',
    )
    parser.add_argument(
        "--request-seconds",
        type=float,
        default=REQUEST_SECONDS,
        help="time for the head and for the body of a request (default: %(default)s)",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace, folder: DataFolder) -> int:
    """Serve until stopped."""
    from consent_backend.api.app import make_app
    from consent_backend.cli.setup import first_technician, prepare_database, prepare_keys
    from consent_backend.console.texts import translations
    from consent_backend.feed import Feed
    from consent_backend.http_server import BackendServer, config_for
    from consent_backend.office import Office
    from consent_backend.store.store import Store
    from consent_backend.words import word_list

    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(name)s %(message)s")
    translations("pl")
    word_list("pl")
    engine = prepare_database(folder)
    keyring = prepare_keys(folder)
    first_technician(engine)
    engine.dispose()
    listener = _listen(options.host, options.port)
    url = options.public_url.rstrip("/") or _url(listener)
    print(f"Data: {folder.path}\nConsole: {url}/console/\nClients: {url}", flush=True)
    if keyring.has_local_root:
        print(f"WARNING: {LOCAL_ROOT_NOTICE}", flush=True)
    feed = Feed()
    office = Office(Store(folder.database, feed.publish), keyring, feed, url, tuple(options.proxy))

    def ready() -> None:
        # What start-up made stays for good; the collector need not look at it again.
        gc.collect()
        gc.freeze()
        if options.print_ready:
            line = {"url": url, "root": str(folder.root_public), "database": str(folder.database)}
            print(f"READY {msgspec.json.encode(line).decode()}", flush=True)

    seconds = options.request_seconds
    server = BackendServer(config_for(make_app(office, seconds), seconds), on_ready=ready, on_stop=feed.close)
    with listener:
        server.run(sockets=[listener])
    print("Stopped.", flush=True)
    return 0


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except (OSError, OverflowError) as error:
        listener.close()
        raise OSError(getattr(error, "errno", 0), f"{error}", f"{host} port {port}") from error
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    address = ipaddress.ip_address(host)
    if address.is_unspecified:
        host = "127.0.0.1" if address.version == 4 else "::1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
