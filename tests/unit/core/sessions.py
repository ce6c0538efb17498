"""Sessions in every phase, reached by real events, for the tables of the flow tests."""

from dataclasses import replace

from client_app.core import events as ev
from client_app.core.effects import Effect
from client_app.core.flow import advance
from client_app.core.person import CustomerKind, Person
from client_app.core.session import (
    Act,
    BackupChoice,
    CaseView,
    Clock,
    ConsentView,
    Control,
    Document,
    DocumentText,
    EndedBy,
    FactView,
    InputOrigin,
    InputWay,
    Money,
    PeerView,
    Phase,
    RemovalView,
    ScreenState,
    Session,
)

AT = "2026-01-02T03:04:05.000000Z"
CODE = "123 456 782"
KNOWN = "111222333"
STRANGER = "999888777"
PERSON = Person(CustomerKind.CONSUMER, "Jan Nowak", "jan@example.com", "ul. Prosta 1, 00-001 Warszawa")


def text(kind: Document, sha256: str = "", language: str = "pl") -> DocumentText:
    """A document as a service would hand it over."""
    return DocumentText(
        kind, f"id-{kind.value}", 1, language, kind.value, "# text", sha256 or kind.value * 8, AT
    )


DOCUMENTS = (text(Document.TERMS), text(Document.PRICE), text(Document.PRIVACY))
CASE = CaseView(
    "case-1",
    "Anna",
    (KNOWN,),
    "Printer",
    Money(10000),
    tuple("abcdefghi"),
    tuple((d.kind, d.language, d.sha256) for d in DOCUMENTS),
)
CONSENT = ConsentView("record-1", "ab" * 32, "ABCDE-FGHJK-1")
REOPENING = ConsentView("record-2", "cd" * 32, "FGHJK-ABCDE-2")
LATER = "2026-01-02T03:34:05.000000Z"
FACTS = tuple(FactView(f"fact-{i}", True, "text") for i in range(8))


def act(control: Control, label: str = "text") -> Act:
    """An act on a control, now."""
    return Act(control, AT, InputWay.MOUSE, InputOrigin.UNKNOWN, (label,))


def play(session: Session, *events: ev.Event) -> tuple[Session, tuple[Effect, ...]]:
    """Apply events in order; an answer's ticket is made to fit. Returns the effects of the last one."""
    effects: tuple[Effect, ...] = ()
    for event in events:
        if isinstance(event, ev.Answer):
            object.__setattr__(event, "ticket", session.ticket)
        session, effects = advance(session, event)
    return session, effects


_PATH: tuple[tuple[Phase, tuple[ev.Event, ...]], ...] = (
    (Phase.CODE, (ev.DocumentsLoaded(DOCUMENTS),)),
    (Phase.JOINING, (ev.CodeTyped(CODE),)),
    (Phase.WORD, (ev.CaseJoined(0, CASE),)),
    (Phase.CHECKING_WORD, (ev.WordPicked("a"),)),
    (Phase.DETAILS, (ev.WordConfirmed(0, None),)),
    (Phase.TERMS, (ev.PersonEdited(PERSON), ev.NextPressed())),
    (
        Phase.COMPUTER,
        (ev.Ticked(act(Control.ACCEPT_TERMS)), ev.Ticked(act(Control.ACCEPT_PRICE)), ev.NextPressed()),
    ),
    (Phase.ORDER, (ev.BackupChosen(BackupChoice.HAVE_ONE),)),
    (
        Phase.STORING,
        (
            ev.Ticked(act(Control.AUTHORITY)),
            ev.Ticked(act(Control.EARLY_START)),
            ev.OrderPressed(act(Control.ORDER)),
        ),
    ),
    (Phase.SENDING, (ev.ConsentStored(0, CONSENT),)),
    (Phase.STARTING, (ev.ReceiptVerified("record-1", "receipt-1", AT),)),
    (Phase.WAITING, (ev.AnyDeskStarted(), ev.AnyDeskNumbered("123123123"))),
    (Phase.CONNECTED, (ev.PeerConnected(PeerView(KNOWN)),)),
    (Phase.CLOSING, (ev.EndPressed(),)),
    (Phase.FINISHED, (ev.AnyDeskClosed(FACTS),)),
    (Phase.REMOVING, (ev.RemovalAsked(),)),
    (Phase.REMOVED, (ev.Removed(RemovalView()),)),
)


_RESTART: tuple[tuple[Phase, tuple[ev.Event, ...]], ...] = (
    (
        Phase.RESTARTING,
        (
            ev.RestartAskedHere(),
            ev.RestartAgreed(act(Control.RESTART)),
            ev.RestartReady(),
            ev.AnyDeskClosed(FACTS),
        ),
    ),
)
_REOPEN: tuple[tuple[Phase, tuple[ev.Event, ...]], ...] = (
    (Phase.REOPEN_ASKING, (ev.ReopenOffered(LATER), ev.ReopenPressed())),
    (Phase.REOPEN_WORD, (ev.ReopenWordsCame(0, tuple("jklmnopqr")),)),
    (Phase.REOPEN_CHECKING, (ev.ReopenWordPicked("j"),)),
    (Phase.REOPEN_ORDER, (ev.WordConfirmed(0, None),)),
    (Phase.REOPEN_STORING, (ev.ReopenOrderPressed(act(Control.REOPEN)),)),
    (Phase.REOPEN_SENDING, (ev.ReopeningStored(0, REOPENING),)),
)
RETURNED = ev.Returned(CASE, replace(CONSENT, receipt_id="receipt-1", server_time=AT), "pl", AT, 7 * 3600)
ONCE_MORE = frozenset(
    {
        *(phase for phase, _ in (*_RESTART, *_REOPEN)),
        Phase.RETURNING,
        Phase.RETURNED,
        Phase.REOPEN_OFFLINE,
    }
)


def once_more(wanted: Phase) -> Session:
    """Return a session on its way to a second start: after a restart, or opened again."""
    if wanted is Phase.RETURNING:
        return Session(phase=Phase.RETURNING)
    if wanted is Phase.RETURNED:
        return play(once_more(Phase.RETURNING), RETURNED)[0]
    if wanted is Phase.REOPEN_OFFLINE:
        from client_app.core.errors import ErrorCode

        by_phone = replace(RETURNED, consent=replace(CONSENT, accepted_offline=True))
        pressed = ev.ContinuePressed(act(Control.CONTINUE))
        failed = ev.SendingFailed(0, ErrorCode.NO_CONNECTION)
        return play(once_more(Phase.RETURNING), by_phone, pressed, ev.ReopeningStored(0, REOPENING), failed)[
            0
        ]
    steps = _RESTART if wanted is Phase.RESTARTING else _REOPEN
    session = in_phase(Phase.CONNECTED if wanted is Phase.RESTARTING else Phase.FINISHED)
    for phase, events in steps:
        session, _ = play(session, *events)
        assert session.phase is phase, (phase, session.phase, session.error)
        if phase is wanted:
            return session
    raise AssertionError(wanted)


def in_phase(wanted: Phase) -> Session:
    """Return a session that reached `wanted` by the shortest honest way."""
    session = Session()
    if wanted is Phase.OFFLINE:
        from client_app.core.errors import ErrorCode

        return play(in_phase(Phase.SENDING), ev.SendingFailed(0, ErrorCode.NO_CONNECTION))[0]
    if wanted is Phase.STOPPED:
        return play(in_phase(Phase.TERMS), ev.RefusePressed())[0]
    if wanted in ONCE_MORE:
        return once_more(wanted)
    for phase, events in _PATH:
        session, _ = play(session, *events)
        assert session.phase is phase, (phase, session.phase, session.error)
        if phase is wanted:
            return session
    raise AssertionError(wanted)


def every_event() -> list[ev.Event]:
    """One example of each event; a new event without an example fails the test of the table."""
    from client_app.core.errors import ErrorCode
    from client_app.core.session import CheckKind, CheckResult, CheckState, Reading

    return [
        ev.Started(),
        ev.LanguageChosen("en"),
        ev.CodeTyped(CODE),
        ev.WordPicked("a"),
        ev.PersonEdited(PERSON),
        ev.Ticked(act(Control.ACCEPT_TERMS)),
        ev.Unticked(Control.ACCEPT_TERMS),
        ev.DocumentRead(Reading(Document.TERMS, "x", AT)),
        ev.BackupChosen(BackupChoice.HAVE_ONE),
        ev.NextPressed(),
        ev.BackPressed(),
        ev.OrderPressed(act(Control.ORDER)),
        ev.AnswerTyped("12345678"),
        ev.RetryPressed(),
        ev.RefusePressed(),
        ev.PostponePressed(),
        ev.NotThemPressed(),
        ev.EndPressed(),
        ev.WindowCloseConfirmed(),
        ev.RemovalAsked(),
        ev.Rated(5),
        ev.CaseJoined(0, CASE),
        ev.TaskFailed(0, ErrorCode.NO_CONNECTION),
        ev.WordConfirmed(0, PERSON),
        ev.WordWrong(0),
        ev.DocumentsLoaded(DOCUMENTS),
        ev.DocumentsFailed(ErrorCode.DOCUMENTS_MISSING),
        ev.CheckFinished(CheckResult(CheckKind.RIGHTS, CheckState.GOOD)),
        ev.StatusReceived(),
        ev.RestartAskedHere(),
        ev.RestartRequested(AT),
        ev.RestartAgreed(act(Control.RESTART)),
        ev.RestartDeclined(),
        ev.RestartReady(),
        ev.RestartNotReady(ErrorCode.CANNOT_STORE),
        ev.RestartFailed(ErrorCode.RESTART_FAILED),
        RETURNED,
        ev.ReturnFailed(ErrorCode.RETURN_FAILED),
        ev.ContinuePressed(act(Control.CONTINUE)),
        ev.ReopenOffered(LATER),
        ev.ReopenOver(),
        ev.ReopenPressed(),
        ev.ReopenWordsCame(0, tuple("jklmnopqr")),
        ev.ReopenWordPicked("j"),
        ev.ReopenOrderPressed(act(Control.REOPEN)),
        ev.ReopeningStored(0, REOPENING),
        ev.ConsentStored(0, CONSENT),
        ev.ReceiptVerified("record-1", "receipt-1", AT),
        ev.SendingFailed(0, ErrorCode.NO_CONNECTION),
        ev.OfflineAccepted(0),
        ev.OfflineRejected(0, 4),
        ev.AnyDeskStarted(),
        ev.AnyDeskNumbered("123123123"),
        ev.AnyDeskFailed(ErrorCode.ANYDESK_MISSING),
        ev.PeerAsked(PeerView(KNOWN)),
        ev.PeerConnected(PeerView(KNOWN)),
        ev.StrangerCut(PeerView(STRANGER)),
        ev.PeerLeft(EndedBy.TECHNICIAN, AT),
        ev.AnyDeskGone(),
        ev.GuardianLost(),
        ev.ClockRanOut(Clock.SESSION, AT),
        ev.PresenceConfirmed(InputOrigin.LOCAL, AT),
        ev.PresenceExtended(InputOrigin.LOCAL, AT),
        ev.ScreenChanged(ScreenState.LOCKED),
        ev.SignalsDisagreed(hides_peer=False),
        ev.SignalsAgreed(),
        ev.NetworkLost(),
        ev.SettingsUnread(("anydesk.vpn",)),
        ev.AnyDeskClosed(FACTS),
        ev.ReceiptSaved("/tmp/x"),
        ev.ActionFailed(ErrorCode.CANNOT_SAVE),
        ev.RemovalPlanned(RemovalView()),
        ev.Removed(RemovalView()),
    ]
