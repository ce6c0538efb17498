"""What AnyDesk's query switches answer, as closed vocabularies.

Source: support.anydesk.com, command line interface (`--get-id`, `--get-status`). A service that is not running answers
`SERVICE_NOT_RUNNING`; while it starts, the answer is empty; 0 or anything else that is no number means "not yet".
"""

from __future__ import annotations

import enum
import re

from client_app.services.guardian.protocol import Message

_NUMBER = re.compile(r"[1-9][0-9]{5,11}")
_NOT_RUNNING = "SERVICE_NOT_RUNNING"


class Status(enum.Enum):
    """Answers of `--get-status`."""

    ONLINE = "online"
    OFFLINE = "offline"
    NOT_RUNNING = "not_running"
    NO_ANSWER = "no_answer"
    """It did not answer in time."""
    NOT_YET = "not_yet"
    UNEXPECTED = "unexpected"


def read_number(answer: Message | None) -> str:
    """Return this computer's AnyDesk number, "" when there is none yet."""
    text = _text(answer)
    return text if _NUMBER.fullmatch(text) else ""


def read_status(answer: Message | None) -> Status:
    """Return what AnyDesk says of its connection."""
    if answer is None or not answer.get("ok", False) or answer.get("code") is None:
        return Status.NO_ANSWER
    text = _text(answer)
    if text == _NOT_RUNNING:
        return Status.NOT_RUNNING
    if not text:
        return Status.NOT_YET
    return {"online": Status.ONLINE, "offline": Status.OFFLINE}.get(text.lower(), Status.UNEXPECTED)


def is_number(text: str) -> bool:
    """Whether a text is an AnyDesk number."""
    return _NUMBER.fullmatch(text) is not None


def _text(answer: Message | None) -> str:
    output = (answer or {}).get("output_untrusted", "")
    return output.strip() if isinstance(output, str) else ""
