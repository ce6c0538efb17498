"""Other programs for remote access that run, named for the customer's eyes only.

Rule: a short closed list of image names; nothing of it is ever ended, recorded or sent.
"""

from __future__ import annotations

from client_app.core.anydesk_system import AnyDeskSystem

# File name of the executable, in small letters and without ending -> the name that people know.
_TOOLS = {
    "teamviewer": "TeamViewer",
    "teamviewer_service": "TeamViewer",
    "teamviewerd": "TeamViewer",
    "tv_w32": "TeamViewer",
    "tv_x64": "TeamViewer",
    "rustdesk": "RustDesk",
    "rutserv": "Remote Utilities",
    "rfusclient": "Remote Utilities",
    "supremo": "Supremo",
    "supremoservice": "Supremo",
    "aa_v3": "Ammyy Admin",
    "ultraviewer_desktop": "UltraViewer",
    "ultraviewer_service": "UltraViewer",
    "screenconnect.clientservice": "ScreenConnect",
    "screenconnect.windowsclient": "ScreenConnect",
    "dwagent": "DWService",
    "dwagsvc": "DWService",
    "splashtopstreamer": "Splashtop",
    "srservice": "Splashtop",
    "srmanager": "Splashtop",
    "logmein": "LogMeIn",
    "g2comm": "GoTo",
    "remoting_host": "Chrome Remote Desktop",
    "chrome-remote-desktop-host": "Chrome Remote Desktop",
    "parsecd": "Parsec",
    "winvnc": "VNC",
    "winvnc4": "VNC",
    "tvnserver": "VNC",
    "vncserver": "VNC",
    "vncserver-x11": "VNC",
    "x11vnc": "VNC",
    "quickassist": "Quick Assist",
    "hoptodesk": "HopToDesk",
    "meshagent": "MeshAgent",
    "meshagent64": "MeshAgent",
}


def running_remote_tools(system: AnyDeskSystem) -> tuple[str, ...]:
    """Return the names of other tools for remote access that run now, sorted, each once."""
    images = (process.identity.image for process in system.processes.everything())
    found = (_TOOLS.get(_stem(image)) for image in images)
    return tuple(sorted({name for name in found if name is not None}))


def _stem(image: str) -> str:
    return image.replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
