"""Rows on the program itself: its file, its switches, its processes and how it is held and ended."""

from __future__ import annotations

from client_app.services.field_check.observation import Asked, Observation
from client_app.services.field_check.rows import NOT_SEEN, Finding, Row, Verdict, fits

NOT_RUNNING = "SERVICE_NOT_RUNNING"
_START = "start AnyDesk: the wizard with a test case, or a double-click"
_QUIT = 'end it: "End now" in the wizard, or close AnyDesk\'s window'


def _hash(seen: Observation) -> Finding:
    return NOT_SEEN if seen.hash_fits is None else fits(seen.hash_fits, "as the signed list says")


def _signature(seen: Observation) -> Finding:
    return fits(seen.signature == "valid", seen.signature) if seen.signature else NOT_SEEN


def _before(seen: Observation) -> Finding:
    if not seen.before:
        return NOT_SEEN
    answers = ", ".join(f"{switch}: {_words(asked)}" for switch, asked in seen.before.items())
    refused = all(asked.text == NOT_RUNNING and asked.code not in (0, None) for asked in seen.before.values())
    return fits(refused, answers)


def _unknown(seen: Observation) -> Finding:
    if seen.unknown_switch is None:
        return NOT_SEEN
    # POSIX keeps eight bits of an exit code: 7002 becomes 90.
    return fits(seen.unknown_switch in (7002, 7002 % 256), f"exit code {seen.unknown_switch}")


def _version(seen: Observation) -> Finding:
    return fits(any(sign.isdigit() for sign in seen.version), seen.version) if seen.version else NOT_SEEN


def _starting(seen: Observation) -> Finding:
    early = [asked for asked in seen.numbers if not asked.text.isdigit() or asked.text == "0"]
    if not seen.numbers:
        return NOT_SEEN
    known = all(asked.text in ("", "0", NOT_RUNNING) for asked in early)
    return fits(known, ", ".join(_words(asked) for asked in early) or "a number at the first question")


def _number(seen: Observation) -> Finding:
    if seen.number_seconds is None:
        return NOT_SEEN if not seen.was_seen else Finding(Verdict.DIFFERS, "no number came")
    digits = next(len(asked.text) for asked in seen.numbers if asked.text.isdigit() and asked.text != "0")
    return fits(
        digits in (9, 10) and seen.number_seconds < 60, f"{digits} digits after {seen.number_seconds:.1f} s"
    )


def _status(seen: Observation) -> Finding:
    if not seen.statuses:
        return NOT_SEEN
    words = list(dict.fromkeys(asked.text for asked in seen.statuses))
    return fits(
        set(words) <= {"", "online", "offline", NOT_RUNNING}, ", ".join(word or "nothing" for word in words)
    )


def _patience(seen: Observation) -> Finding:
    asked = [*seen.before.values(), *seen.numbers, *seen.statuses]
    if not asked:
        return NOT_SEEN
    slowest = max(one.seconds for one in asked)
    return fits(slowest < 3 and all(one.code is not None for one in asked), f"slowest {slowest:.1f} s")


def _processes(seen: Observation) -> Finding:
    if not seen.was_seen:
        return NOT_SEEN
    roles = sorted({one.switches or "(window)" for one in seen.processes.values()})
    return fits(seen.most_at_once >= 2, f"{seen.most_at_once} at once: {', '.join(roles)}")


def _held(seen: Observation) -> Finding:
    told = [one for one in seen.processes.values() if one.is_held is not None]
    if not told:
        return NOT_SEEN
    held = sum(bool(one.is_held) for one in told)
    if not held:
        return Finding(Verdict.NOT_SEEN, "not started by the wizard")
    return fits(held == len(told), f"{held} of {len(told)} processes are held")


def _elevated_held(seen: Observation) -> Finding:
    elevated = [one for one in seen.processes.values() if one.is_elevated]
    if not elevated or not any(one.is_held for one in seen.processes.values()):
        return Finding(Verdict.NOT_SEEN, "no elevated process seen")
    held = sum(bool(one.is_held) for one in elevated)
    return fits(held == len(elevated), f"{held} of {len(elevated)} elevated processes are held")


def _left(seen: Observation) -> Finding:
    if 5 not in seen.left_after:
        return NOT_SEEN
    now, later = seen.left_after.get(1, 0), seen.left_after[5]
    return fits(later == 0, f"{now} processes after 1 s, {later} after 5 s")


def _helper(seen: Observation) -> Finding:
    return Finding(Verdict.FITS, "the window stayed") if seen.helpers_alone else NOT_SEEN


def _words(asked: Asked) -> str:
    code = "no answer in time" if asked.code is None else f"code {asked.code}"
    return f"{asked.text or 'nothing'} ({code})"


ROWS = (
    Row("file.hash", "Is the bundled client the released one?", "SHA-256 of the signed list",
        "nothing else is ever started (services/anydesk/private_copy.py)", "nothing to do", _hash),
    Row("file.signature", "Does it carry AnyDesk's signature?",
        "signer AnyDesk Software GmbH, chain valid, not the certificate withdrawn in 2024; macOS: team KHRWM533LU, but "
        "custom clients for macOS are not signed unless notarised in my.anydesk",
        "start is refused with K-54 or K-55", "nothing to do", _signature, ("windows", "macos")),
    Row("switch.before", "What do --get-id and --get-status answer while nothing runs?",
        f"{NOT_RUNNING} and an exit code that is not 0 (Windows 9010)",
        "one of the facts of the closing proof (services/anydesk/facts.py)", "nothing to do", _before),
    Row("switch.unknown", "Exit code of a switch that is none?", "7002 (90 where the system keeps 8 bits)",
        "only this table", "nothing to do", _unknown),
    Row("switch.version", "What does --version print?", "one line with a number", "only this table",
        "nothing to do", _version),
    Row("switch.starting", "What does --get-id answer before there is a number?",
        f"nothing, 0 or {NOT_RUNNING}", "\"not yet\" (services/anydesk/answers.py)", _START, _starting),
    Row("switch.number", "When does the number come, and how long is it?", "9 or 10 digits within 60 s",
        "K-44 is shown when it is late", _START, _number),
    Row("switch.status", "Words of --get-status?", "online, offline or nothing",
        "another word is shown as a contradiction", _START, _status),
    Row("switch.patience", "Does every question end in time?", "each within 3 s",
        "a slower one counts as \"no answer\" (services/guardian/keeper.py)", _START, _patience),
    Row("process.count", "Which processes does a portable custom client have?",
        "two or more of one file; the window has no switch", "closing ends them all by file and family", _START,
        _processes),
    Row("process.held", "Is every process held by the guardian?",
        "Windows: in the guardian's job object; Linux: below the guardian", "closing and kill -9 of the client",
        "start it by the wizard with a test case", _held),
    Row("process.elevated", "Does an elevated AnyDesk stay in the job?",
        "hoped for, not relied on: what runs from the client's file outside the job is ended by its path",
        "after kill -9 of client and guardian only what is in the job ends by itself",
        "ask for elevation in the session (Actions menu) and accept", _elevated_held, ("windows",)),
    Row("end.left", "What is left 1 s and 5 s after its window is closed?", "nothing",
        "what is left is ended by force; the proof says so", _QUIT, _left),
    Row("end.helper", "What happens to the window when a helper process ends?", "it stays, or starts it again",
        "the watcher says that the signals disagree", "optional: end one of the helpers in the task manager", _helper),
    Row("end.installed", "Is installing this client disallowed?", "--install answers 0xAD1006 and changes nothing",
        "an installed client outlives closing; the proof finds its service",
        "on a spare computer only: run it with --install, look at the exit code"),
)  # fmt: skip
"""In the order in which a run reaches them."""
