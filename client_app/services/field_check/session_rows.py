"""Rows on what AnyDesk writes: folders, settings, traces, the list of connections; and what it leaves behind."""

from __future__ import annotations

from client_app.services.anydesk.trace_words import Word
from client_app.services.field_check.observation import Observation
from client_app.services.field_check.rows import NOT_SEEN, Finding, Judge, Row, Verdict, fits

_ASK = "connect from the technician's computer, accept here"
_OWN_PRESS = (
    'let the technician press "I am here" with the mouse, then with Tab and space: it must ask both times'
)
_TRACES = "who is connected is known from here (services/anydesk/trace_words.py)"


def _folder(seen: Observation) -> Finding:
    if not seen.found_folders:
        return NOT_SEEN if not seen.was_seen else Finding(Verdict.DIFFERS, "no settings were found anywhere")
    elsewhere = [folder for folder in seen.found_folders if folder not in seen.assumed_folders]
    return fits(not elsewhere, "; ".join(elsewhere or seen.found_folders))


def _traces(seen: Observation) -> Finding:
    if not seen.trace_files:
        return NOT_SEEN if not seen.was_seen else Finding(Verdict.DIFFERS, "no trace file was found")
    return Finding(Verdict.FITS, ", ".join(f"{name} ({code})" for name, code in seen.trace_files.items()))


def _format(seen: Observation) -> Finding:
    if not seen.lines:
        return NOT_SEEN
    return fits(seen.strange_lines * 5 <= seen.lines, f"{seen.strange_lines} of {seen.lines} lines are not")


def _said(*words: Word, needs_connection: bool = True) -> Judge:
    """A row that is reached when one of the words was understood, and differs when the event came without them."""

    def judge(seen: Observation) -> Finding:
        found = [word.value for word in words if seen.words.get(word)]
        if found:
            return Finding(Verdict.FITS, ", ".join(found))
        happened = seen.was_connected if needs_connection else any(a.text == "online" for a in seen.statuses)
        return Finding(Verdict.DIFFERS, "it happened and no known line said so") if happened else NOT_SEEN

    return judge


def _connections(seen: Observation) -> Finding:
    if not seen.connection_total:
        return NOT_SEEN if not seen.was_connected else Finding(Verdict.DIFFERS, "no line was written")
    files = ", ".join(f"{name} ({code})" for name, code in seen.connection_files.items())
    understood = f"{seen.connection_lines} of {seen.connection_total} lines understood"
    return fits(seen.connection_lines == seen.connection_total, f"{files}: {understood}")


def _clock(seen: Observation) -> Finding:
    return Finding(Verdict.FITS, seen.connection_clock) if seen.connection_clock else NOT_SEEN


def _settings(seen: Observation) -> Finding:
    if not seen.settings:
        return NOT_SEEN
    missing = [key for key, there in seen.settings.items() if not there]
    there = len(seen.settings) - len(missing)
    text = f"{there} of {len(seen.settings)} keys are there" + (
        f"; missing: {', '.join(missing)}" if missing else ""
    )
    return fits(not missing, text)


def _written(seen: Observation) -> Finding:
    return (
        NOT_SEEN
        if seen.written_number is None
        else fits(seen.written_number, "ad.anynet.id compared with the answer")
    )


def _ports(seen: Observation) -> Finding:
    return (
        NOT_SEEN if seen.ports is None else Finding(Verdict.FITS, f"{seen.ports} TCP ports were listened on")
    )


def _entries(seen: Observation) -> Finding:
    counts = (seen.new_services, seen.new_autostarts)
    if None in counts or not seen.was_seen:
        return NOT_SEEN
    return fits(not any(counts), f"{counts[0]} new services, {counts[1]} new autostart entries")


def _beside(seen: Observation) -> Finding:
    if not seen.was_seen:
        return NOT_SEEN
    return fits(set(seen.beside) <= {"gcapi.dll"}, ", ".join(seen.beside) or "nothing")


def _accept_window(seen: Observation) -> Finding:
    return (
        NOT_SEEN
        if seen.accept_window is None
        else fits(seen.accept_window, "a window of its processes while someone asked")
    )


ROWS = (
    Row("data.folder", "Where does a portable custom client keep its files?",
        "%APPDATA%\\AnyDesk\\ad_<prefix>; ~/.anydesk-ad_<prefix> (or with _)",
        "settings and traces would not be found (platforms/shared/places.py)", "start AnyDesk", _folder),
    Row("data.settings", "Are the settings that are judged written down?",
        "keys ad.security.* and ad.features.* of services/anydesk/settings.py",
        "what is missing is told to both sides as unknown", "start AnyDesk", _settings),
    Row("data.number", "Is the number in system.conf the answered one?", "ad.anynet.id",
        "used when the question has no answer", "start AnyDesk", _written),
    Row("data.beside", "What does it write beside its executable?", "nothing, or gcapi.dll",
        "deleted with the private copy", "start AnyDesk", _beside),
    Row("trace.file", "Name, place and encoding of the trace?", "ad.trace (Windows), anydesk.trace; UTF-8 or UTF-16",
        _TRACES, "start AnyDesk", _traces),
    Row("trace.format", "Are its lines in the known format?", "at least four of five lines", _TRACES, "start AnyDesk",
        _format),
    Row("trace.relay", "Is the relay reported?", "External address / Connection established",
        "faster than --get-status", "start AnyDesk", _said(Word.RELAY_REACHED, needs_connection=False)),
    Row("trace.asked", "Which lines say that someone asks?", "Accept request from / Incoming session request",
        _TRACES, _ASK, _said(Word.ASKED, Word.PEER_ID, Word.PEER_NAMED)),
    Row("trace.number", "Is the number at the machine-made end of a line?", "Client-ID: <number> (FPR: …)",
        _TRACES, _ASK, _said(Word.PEER_ID, Word.ASKED)),
    Row("trace.click", "Which line says that the customer's click let them in?", "Authenticated by local user",
        "another way in is ended at once", _ASK, _said(Word.AUTH_CLICK)),
    Row("trace.running", "Which line says that the session runs?", "Session started / Entering processing loop",
        _TRACES, _ASK, _said(Word.RUNNING)),
    Row("trace.remote_end", "Which line says that the technician ended it?", "Session closed by remote side",
        "who ended is recorded", "disconnect on the technician's computer", _said(Word.CLOSED_REMOTE)),
    Row("trace.local_end", "Which line says that it was ended here?", "Session closed locally",
        "who ended is recorded", "connect again and disconnect in AnyDesk's window here", _said(Word.CLOSED_LOCAL)),
    Row("trace.twice", "Can one number be connected twice at once?", "if so, each has its own request line",
        "when one of two ends, the session is ended: nobody knows which one it was (services/anydesk/picture.py)",
        "connect a second time from the same AnyDesk, accept, end one of them: the wizard must end the session", None),
    Row("list.format", "Encoding and form of connection_trace.txt?", "Incoming, date, User/Passwd/Token/REJECTED, id",
        "the second witness of who is connected", _ASK, _connections),
    Row("list.clock", "Is its clock UTC or local?", "not used; only for reading old files", "only this table", _ASK,
        _clock),
    Row("screen.accept", "Does a window of AnyDesk's processes stand while someone asks?",
        "yes, a top-level window", "the session panel keeps off it", _ASK, _accept_window, ("windows", "linux")),
    Row("screen.elevation", "Does the technician see the permission window (UAC)?",
        "not with a portable client that was started without rights", "what the technician says on the phone",
        "open something that asks for permission during the session", None, ("windows",)),
    Row("screen.injected", "Does a press by the technician's mouse count as injected?",
        "Windows: GetCurrentInputMessageSource says injected", "presence and restart count only local input",
        "let the technician press \"I am here\" in the session panel: it must ask to press it yourself", None,
        ("windows",)),
    Row("screen.injected_x11", "Do presses by the technician's mouse and keyboard count as injected under X11?",
        "both come from the server's XTEST devices (xinput test-xi2 --root shows the source)",
        "presence and restart count only local input",
        _OWN_PRESS,
        None, ("linux",)),
    Row("screen.injected_macos", "Do presses by the technician's mouse and keyboard count as injected on macOS?",
        "the event names the process that posted it (kCGEventSourceUnixProcessID)",
        "presence and restart count only local input",
        _OWN_PRESS,
        None, ("macos",)),
    Row("screen.own_press", "Does a press at this computer still count while somebody is connected?",
        "it is local, or not known", "nobody is asked in vain",
        "press \"I am here\" yourself with mouse, keyboard and, if there is one, the touch screen", None),
    Row("screen.wayland", "Is a Wayland desktop refused?", "display_server_not_supported",
        "the check warns before (K-22)", "on a Wayland desktop: connect", None, ("linux",)),
    Row("screen.macos", "Which permissions does macOS ask for?", "Screen Recording and Accessibility",
        "the page names them", "first start on a fresh account", None, ("macos",)),
    Row("left.ports", "Which ports does it listen on?", "often TCP 7070; none is fine too",
        "the proof shows that they are closed", "start AnyDesk", _ports),
    Row("left.entries", "Does a portable run leave a service or an autostart entry?", "none",
        "the proof looks for them", "end it", _entries),
)  # fmt: skip
"""In the order in which a run reaches them."""
