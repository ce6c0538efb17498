"""What a cleaned process sees of its variables, asked below Python: there the libraries look."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.windows.held import ROOT

_ASK = """
import ctypes, sys
from client_app.platforms import clean_environment
def seen(name):
    buffer = ctypes.create_unicode_buffer(1000)
    ctypes.windll.kernel32.SetLastError(0)
    get = ctypes.cdll.ucrtbase.getenv
    get.restype = ctypes.c_char_p
    return ctypes.windll.kernel32.GetEnvironmentVariableW(name, buffer, 1000) > 0, get(name.encode()) is not None
print(seen("OPENSSL_CONF"), seen("PATH"))
print(clean_environment())
print(seen("OPENSSL_CONF"), seen("PATH"))
import os, hashlib
print(os.environ["PATH"].lower().startswith(os.environ["SYSTEMROOT"].lower() + "\\\\system32;"))
print(hashlib.sha256(b"").hexdigest()[:8])
"""


def test_a_planted_variable_is_gone_for_libraries_too() -> None:
    planted = {**os.environ, "PYTHONPATH": str(ROOT), "OPENSSL_CONF": "C:\\evil.cnf"}
    command = [sys.executable, "-c", _ASK]
    run = subprocess.run(command, env=planted, capture_output=True, text=True, timeout=60, check=False)
    assert run.stdout.splitlines() == [
        "(True, True) (True, True)",
        "True",
        "(False, False) (True, True)",
        "True",
        "e3b0c442",
    ], run.stderr
