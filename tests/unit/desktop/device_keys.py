"""Presses a key as if a device had, through the test extension; arguments: the device's name, the key's number.

It stands for a hand at a keyboard, which a server without hardware does not have.
"""

from __future__ import annotations

import ctypes
import sys

from client_app.platforms.linux import xcb_input


def main() -> int:
    x11, xi, test = (ctypes.CDLL(name) for name in ("libX11.so.6", "libXi.so.6", "libXtst.so.6"))
    pointer = ctypes.c_void_p
    x11.XOpenDisplay.restype = xi.XOpenDevice.restype = pointer
    x11.XOpenDisplay.argtypes = [ctypes.c_char_p]
    x11.XSync.argtypes = [pointer, ctypes.c_int]
    xi.XOpenDevice.argtypes = [pointer, ctypes.c_ulong]
    press = test.XTestFakeDeviceKeyEvent
    press.argtypes = [
        pointer, pointer, ctypes.c_uint, ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.c_int, ctypes.c_ulong
    ]  # fmt: skip
    server = xcb_input.connect()
    if server is None:
        return 1
    number = next(number for number, name in server.device_names().items() if name == sys.argv[1])
    server.close()
    display = x11.XOpenDisplay(None)
    device = xi.XOpenDevice(display, number)
    if not display or not device:
        return 1
    for is_down in (1, 0):
        press(display, device, int(sys.argv[2]), is_down, None, 0, 0)
        x11.XSync(display, 0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
