"""Where an input came from: refusing to call anything local that was not, on every system's messages."""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable, Iterable
from ctypes import wintypes

import pytest
from PySide6.QtCore import QByteArray

from client_app.core.session import InputOrigin
from client_app.platforms.linux.input_origin import X11InputMessages
from client_app.platforms.linux.key_sources import X11Keys
from client_app.platforms.linux.xcb_input import names_of
from client_app.platforms.macos.input_origin import MacInputMessages
from client_app.platforms.macos.objc import Frameworks
from client_app.platforms.windows.input_origin import MessageSource, WindowsInputMessages
from client_app.platforms.windows.libraries import Libraries
from client_app.workers.desktop_input import REMEMBERED_SECONDS, InputOrigins, OriginMemory

LOCAL, INJECTED, UNKNOWN = InputOrigin.LOCAL, InputOrigin.INJECTED, InputOrigin.UNKNOWN


class Time:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def remembered(origins: Iterable[InputOrigin], *, apart: float = 0.05, later: float = 0.0) -> InputOrigin:
    time = Time()
    memory = OriginMemory(time)
    for origin in origins:
        time.now += apart
        memory.note(origin)
    time.now += later
    return memory.origin()


# --- what is remembered -------------------------------------------------------------------------------------------


def test_without_any_input_nothing_is_known() -> None:
    assert remembered([]) is UNKNOWN


def test_an_old_input_tells_nothing_of_a_press_without_one() -> None:
    assert remembered([LOCAL, LOCAL], later=REMEMBERED_SECONDS + 0.1) is UNKNOWN


@pytest.mark.parametrize(
    "origins",
    [
        [INJECTED, LOCAL],
        [LOCAL, INJECTED],
        [INJECTED, INJECTED],
        [INJECTED, UNKNOWN],
        [LOCAL, INJECTED, LOCAL, LOCAL],
    ],
)
def test_beside_something_injected_nothing_counts_as_local(origins: list[InputOrigin]) -> None:
    assert remembered(origins) is INJECTED


def test_a_button_that_another_program_pressed_and_a_hand_let_go_is_injected() -> None:
    assert remembered([INJECTED, LOCAL], apart=30.0) is INJECTED


def test_what_cannot_be_told_is_not_made_better_by_what_can() -> None:
    assert remembered([LOCAL, UNKNOWN]) is UNKNOWN


def test_a_hand_that_works_slowly_is_local() -> None:
    assert remembered([LOCAL, LOCAL], apart=30.0) is LOCAL


def test_an_injected_press_long_ago_is_forgiven() -> None:
    assert remembered([INJECTED, INJECTED, LOCAL, LOCAL], apart=5.0) is LOCAL


# --- X11 ----------------------------------------------------------------------------------------------------------


def device_event(kind: int, source: int) -> bytes:
    """Return an X Input 2 device event as the server sends it."""
    return struct.pack("=BBHIHHI", 35, 131, 0, 12, kind, 2, 0).ljust(56, b"\0") + struct.pack(
        "=H", source
    ).ljust(30, b"\0")


NAMES = {4: "Virtual core XTEST pointer", 6: "Logitech USB Mouse", 9: "AnyDesk virtual pointer"}


def x11_origin(event: bytes) -> InputOrigin | None:
    buffer = ctypes.create_string_buffer(event, max(len(event), 32))
    return X11InputMessages(lambda device: NAMES.get(device, "")).origin_of(ctypes.addressof(buffer))


@pytest.mark.parametrize("kind", [4, 5, 18, 20])
@pytest.mark.parametrize(("device", "origin"), [(4, INJECTED), (9, INJECTED), (6, LOCAL), (77, UNKNOWN)])
def test_x11_names_the_device_of_a_button(kind: int, device: int, origin: InputOrigin) -> None:
    assert x11_origin(device_event(kind, device)) is origin


@pytest.mark.parametrize("kind", [2, 3, 4, 5])
def test_x11_keys_name_no_device(kind: int) -> None:
    assert x11_origin(struct.pack("=B", kind)) is UNKNOWN
    assert x11_origin(struct.pack("=B", kind | 0x80)) is INJECTED


@pytest.mark.parametrize("event", [device_event(6, 4), struct.pack("=B", 12), struct.pack("=B", 35)])
def test_x11_other_events_are_no_inputs(event: bytes) -> None:
    assert x11_origin(event) is None


# --- keys of X11 --------------------------------------------------------------------------------------------------


class Server:
    """A second connection: what it was asked for, and the raw keys that it heard."""

    def __init__(self) -> None:
        self.raw: list[tuple[int, int]] | None = []
        self.names = {5: "Virtual core XTEST keyboard", 7: "AT Translated Set 2 keyboard"}
        self.did: list[str] = []

    def select_keys(self, is_wanted: bool) -> None:
        self.did.append("listen" if is_wanted else "listen no more")

    def device_names(self) -> dict[int, str]:
        self.did.append("names")
        return dict(self.names)

    def keys(self) -> list[tuple[int, int]] | None:
        heard, self.raw = self.raw, []
        return heard

    def close(self) -> None:
        self.did.append("close")


def key_event(time: int, kind: int = 2) -> bytes:
    """Return a core key event as the server sends it; the second number is the key, which nobody reads."""
    return struct.pack("=BBHI", kind, 65, 0, time).ljust(32, b"\0")


def x11_key(server: Server, event: bytes, *, is_open: bool = True) -> InputOrigin | None:
    keys = X11Keys(lambda: server)  # type: ignore[arg-type, return-value]
    if is_open:
        keys.open(has_keyboard=True)
    buffer = ctypes.create_string_buffer(event, 32)
    return X11InputMessages(lambda _device: "", keys).origin_of(ctypes.addressof(buffer))


@pytest.mark.parametrize(
    ("raw", "origin"),
    [
        ([(100, 5)], INJECTED),
        ([(100, 7)], LOCAL),
        ([(100, 7), (100, 5)], INJECTED),
        ([(99, 7), (100, 5), (101, 7)], INJECTED),
        ([(99, 7), (101, 7)], UNKNOWN),
        ([(100, 42)], UNKNOWN),
        ([(100, 42), (100, 7)], UNKNOWN),
        ([], UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_a_key_of_x11_is_its_device_s_at_the_very_same_time(
    raw: list[tuple[int, int]] | None, origin: InputOrigin
) -> None:
    server = Server()
    server.raw = raw
    assert x11_key(server, key_event(100)) is origin


def test_a_key_that_a_program_sent_itself_is_injected_whatever_was_heard() -> None:
    server = Server()
    server.raw = [(100, 7)]
    assert x11_key(server, key_event(100, 2 | 0x80)) is INJECTED


def test_outside_a_session_no_connection_is_made() -> None:
    server = Server()
    server.raw = [(100, 7)]
    assert x11_key(server, key_event(100), is_open=False) is UNKNOWN
    assert server.did == []


def test_keys_are_heard_only_while_the_keyboard_is_ours() -> None:
    server = Server()
    keys = X11Keys(lambda: server)  # type: ignore[arg-type, return-value]
    messages = X11InputMessages(lambda _device: "", keys)
    keys.open(has_keyboard=False)
    for kind in (9, 10):
        buffer = ctypes.create_string_buffer(struct.pack("=B", kind), 32)
        assert messages.origin_of(ctypes.addressof(buffer)) is None
    keys.close()
    keys.close()

    assert server.did == ["names", "listen no more", "listen", "listen no more", "close"]
    assert keys.devices_at(100) == ()


def test_what_was_heard_is_forgotten_with_the_keyboard() -> None:
    server = Server()
    server.raw = [(100, 7)]
    keys = X11Keys(lambda: server)  # type: ignore[arg-type, return-value]
    keys.open(has_keyboard=True)
    assert keys.devices_at(99) == ()
    keys.keyboard(is_ours=False)
    assert keys.devices_at(100) == ()


def test_a_keyboard_that_was_plugged_in_is_asked_for_once_more() -> None:
    server = Server()
    server.raw = [(100, 8)]
    keys = X11Keys(lambda: server)  # type: ignore[arg-type, return-value]
    keys.open(has_keyboard=True)
    server.names[8] = "USB Keyboard"
    assert keys.devices_at(100) == ("USB Keyboard",)


def test_without_the_extension_nothing_is_known() -> None:
    keys = X11Keys(lambda: None)
    keys.open(has_keyboard=True)
    assert not keys.is_open
    assert keys.devices_at(100) == ()


def device_list(*names: str) -> bytes:
    """Return an answer to XIQueryDevice in which every device has one class of two units."""
    body = b""
    for number, name in enumerate(names, 2):
        raw = name.encode()
        padded = raw.ljust((len(raw) + 3) // 4 * 4, b"\0")
        body += struct.pack("=5HBB", number, 3, 2, 1, len(raw), 1, 0) + padded
        body += struct.pack("=2HI", 0, 2, 0)
    return struct.pack("=BBHIH", 1, 0, 0, len(body) // 4, len(names)).ljust(32, b"\0") + body


def test_the_list_of_devices_is_read_however_long_its_names_are() -> None:
    names = ("a", "ab", "abc", "abcd", "")
    assert names_of(device_list(*names)) == dict(enumerate(names, 2))


def test_a_list_that_is_cut_gives_what_stands_before_the_cut() -> None:
    whole = device_list("first", "second")
    for length in range(32, len(whole)):
        assert set(names_of(whole[:length])) <= {2, 3}


# --- Windows ------------------------------------------------------------------------------------------------------


class User32:
    """Answers as Windows does."""

    def __init__(self, origin: int, *, works: bool = True) -> None:
        self.origin, self.works = origin, works
        self.asked = 0

    def GetCurrentInputMessageSource(self, pointer: object) -> bool:  # noqa: N802 - Windows' name
        self.asked += 1
        source = getattr(pointer, "_obj", None)
        assert isinstance(source, MessageSource)
        source.originId = self.origin
        return self.works


def windows_origin(user32: object, message: int) -> InputOrigin | None:
    libraries = Libraries(kernel32=object(), user32=user32, advapi32=object(), last_error=lambda: 0)
    sent = wintypes.MSG(message=message)
    return WindowsInputMessages(libraries).origin_of(ctypes.addressof(sent))


@pytest.mark.parametrize(
    ("answer", "origin"), [(0, UNKNOWN), (1, LOCAL), (2, INJECTED), (4, UNKNOWN), (99, UNKNOWN)]
)
@pytest.mark.parametrize("message", [0x100, 0x101, 0x201, 0x202, 0x246, 0x247])
def test_windows_says_who_made_an_input(answer: int, origin: InputOrigin, message: int) -> None:
    assert windows_origin(User32(answer), message) is origin


def test_windows_is_asked_for_inputs_alone() -> None:
    user32 = User32(1)
    for message in (0x0F, 0x113, 0x200, 0x2B1, 0x20A):
        assert windows_origin(user32, message) is None
    assert user32.asked == 0


def test_a_windows_that_does_not_answer_tells_nothing() -> None:
    assert windows_origin(User32(1, works=False), 0x201) is UNKNOWN
    assert windows_origin(object(), 0x201) is UNKNOWN


# --- macOS --------------------------------------------------------------------------------------------------------


class Mac(Frameworks):
    """An event of a Mac: its type, its posting process and its source's state."""

    def __init__(self, kind: int, process: int, state: int, *, has_event: bool = True) -> None:
        self.kind, self.process, self.state, self.has_event = kind, process, state, has_event
        self.graphics = self
        self.CGEventGetIntegerValueField = _Field(self)

    def send(self, receiver: int, selector: bytes, result: object = None) -> int:
        return self.kind if selector == b"type" else int(self.has_event)


class _Field:
    restype: object = None
    argtypes: object = None

    def __init__(self, mac: Mac) -> None:
        self._mac = mac

    def __call__(self, _event: int, field: int) -> int:
        return self._mac.process if field == 41 else self._mac.state


@pytest.mark.parametrize(
    ("mac", "origin"),
    [
        (Mac(1, 0, 1), LOCAL),
        (Mac(2, 4711, 1), INJECTED),
        (Mac(10, 4711, 0), INJECTED),
        (Mac(10, 0, 0), UNKNOWN),
        (Mac(1, 0, 1, has_event=False), UNKNOWN),
        (Mac(5, 0, 1), None),
    ],
)
def test_macos_notes_who_posted_an_event(mac: Mac, origin: InputOrigin | None) -> None:
    assert MacInputMessages(mac).origin_of(1) is origin


# --- the filter ---------------------------------------------------------------------------------------------------


class Messages:
    """Understands one kind of message."""

    event_type = b"ours"

    def __init__(self, answer: Callable[[int], InputOrigin | None]) -> None:
        self.origin_of = answer


@pytest.mark.usefixtures("qapp")
def test_every_message_passes_and_only_ours_are_read() -> None:
    read: list[int] = []

    def answer(message: int) -> InputOrigin | None:
        read.append(message)
        return LOCAL if message == 7 else None

    origins = InputOrigins(Messages(answer))
    for kind, message in ((b"theirs", 1), (b"ours", 2), (b"ours", 7)):
        assert origins.nativeEventFilter(QByteArray(kind), message) == (False, 0)

    assert read == [2, 7]
    assert origins.memory.origin() is LOCAL
