"""Messages to Objective-C objects and the two system libraries that need none, through ctypes.

Source: developer.apple.com, Objective-C Runtime (objc_msgSend takes the argument types of the method that it calls).
"""

from __future__ import annotations

import ctypes
from typing import Any

_FRAMEWORKS = "/System/Library/Frameworks"


class Frameworks:
    """Loaded libraries; tests give stand-ins with the same functions.

    Args:
        objc, graphics, foundation: Objective-C's runtime, CoreGraphics and CoreFoundation; the system's when left out.
    """

    def __init__(self, objc: Any = None, graphics: Any = None, foundation: Any = None) -> None:
        self.objc = objc if objc is not None else ctypes.CDLL("/usr/lib/libobjc.A.dylib")
        self.graphics = graphics if graphics is not None else _framework("CoreGraphics")
        self.foundation = foundation if foundation is not None else _framework("CoreFoundation")

    def send(self, receiver: int, selector: bytes, result: Any = ctypes.c_void_p) -> Any:
        """Send a message without arguments."""
        self.objc.sel_registerName.restype = ctypes.c_void_p
        self.objc.sel_registerName.argtypes = [ctypes.c_char_p]
        self.objc.objc_msgSend.restype = result
        self.objc.objc_msgSend.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        return self.objc.objc_msgSend(receiver, self.objc.sel_registerName(selector))


def _framework(name: str) -> Any:
    return ctypes.CDLL(f"{_FRAMEWORKS}/{name}.framework/{name}")
