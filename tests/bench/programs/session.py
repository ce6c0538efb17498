"""The real client, started by its own `main`, whose customer sits at another process's end of a pipe.

The product has no switch for this: when its application is opened, it is handed to the listener below. What the
customer does arrives as events of the flow; pages and panel are shown as always. The arguments are the client's own.
"""

import builtins
import sys
from datetime import UTC, datetime
from typing import Any

APPLICATION = "Application"
make_class = builtins.__build_class__
kept: list[object] = []


def make_class_and_look(body: Any, name: str, *bases: Any, **keywords: Any) -> Any:
    """Make a class as Python does, and put the hook on the application's."""
    made = make_class(body, name, *bases, **keywords)
    if name == APPLICATION and made.__module__ == "client_app.app":
        builtins.__build_class__ = make_class
        open_window = made.open

        def open_and_attend(application: Any) -> None:
            open_window(application)
            attend(application)

        made.open = open_and_attend
    return made


def attend(application: Any) -> None:
    """Hear what the customer does, say what becomes of it."""
    from tests.bench.programs import talk

    def on_ready() -> None:
        controller = application.joined.controller
        controller.session_changed.connect(say_session)
        say_session(controller.session)

    def say_session(session: Any) -> None:
        talk.say(
            phase=session.phase.value,
            documents=len(session.documents),
            checks_running=session.checks_running,
            error=session.error.value if session.error else "",
        )

    def hear(message: talk.Message) -> None:
        if message["do"] == "usage":
            talk.say_usage()
            return
        for event in events_of(message["do"], message.get("text", "")):
            application.joined.controller.dispatch(event)

    application.ready.connect(on_ready)
    kept.append(talk.listen(hear))


def events_of(deed: str, text: str) -> tuple[Any, ...]:
    """Return the flow's events for what a customer does."""
    from client_app.core import events as ev
    from client_app.core import session as s
    from client_app.core.person import CustomerKind, Person

    def act(control: s.Control, label: str) -> s.Act:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        return s.Act(control, now, s.InputWay.MOUSE, s.InputOrigin.UNKNOWN, (label,))

    match deed:
        case "code":
            return (ev.CodeTyped(text),)
        case "word":
            return (ev.WordPicked(text),)
        case "details":
            address = "ul. Prosta 1, 00-001 Warszawa"
            person = Person(CustomerKind.CONSUMER, "Jan Nowak", "jan@example.com", address)
            return (ev.PersonEdited(person), ev.NextPressed())
        case "terms":
            ticks = (ev.Ticked(act(c, "tick")) for c in (s.Control.ACCEPT_TERMS, s.Control.ACCEPT_PRICE))
            return (*ticks, ev.NextPressed())
        case "backup":
            return (ev.BackupChosen(s.BackupChoice.HAVE_ONE),)
        case "order":
            ticks = (ev.Ticked(act(c, "tick")) for c in (s.Control.AUTHORITY, s.Control.EARLY_START))
            return (*ticks, ev.OrderPressed(act(s.Control.ORDER, "Zamawiam z obowiązkiem zapłaty")))
        case "end":
            return (ev.EndPressed(),)
        case "leave":
            return (ev.WindowCloseConfirmed(),)
    raise ValueError(deed)


if __name__ == "__main__":
    builtins.__build_class__ = make_class_and_look  # type: ignore[assignment]  # keyword arguments as they come
    from client_app.__main__ import main

    sys.exit(main())
