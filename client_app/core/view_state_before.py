"""Bodies of steps 1 to 5: caller, details, terms, computer, order."""

from client_app.core.brand_types import Brand, Text
from client_app.core.errors import ErrorCode
from client_app.core.flow_consent import computer_ready, needed_ticks
from client_app.core.messages import N_
from client_app.core.person import CustomerKind, Person
from client_app.core.session import (
    BackupChoice,
    CheckKind,
    CheckResult,
    CheckState,
    Control,
    Document,
    DocumentText,
    Phase,
    Session,
)
from client_app.core.view_state_types import (
    Backup,
    CallerView,
    CheckRow,
    ComputerView,
    DetailsView,
    DocumentView,
    OrderLine,
    OrderStage,
    OrderView,
    Say,
    TermsView,
    TickView,
)

FIELD_CODES = frozenset(
    {
        ErrorCode.KIND_MISSING,
        ErrorCode.NAME_MISSING,
        ErrorCode.EMAIL_WRONG,
        ErrorCode.ADDRESS_MISSING,
        ErrorCode.COMPANY_MISSING,
        ErrorCode.NIP_WRONG,
        ErrorCode.TOO_LONG,
    }
)
"""Shown under their field, not as a notice."""

_MEGABYTE = 1_000_000

_CHECK_NAMES: dict[CheckKind, str] = {
    CheckKind.BACKEND: N_("Connection to the company"),
    CheckKind.RIGHTS: N_("Administrator rights"),
    CheckKind.DISPLAY: N_("Showing the screen"),
    CheckKind.ANYDESK: N_("AnyDesk"),
}

_CHECK_GOOD: dict[CheckKind, str] = {
    CheckKind.BACKEND: N_("The company's server answers."),
    CheckKind.RIGHTS: N_("You have them."),
    CheckKind.DISPLAY: N_("The technician will be able to see it."),
    CheckKind.ANYDESK: N_("It is here and it is the company's own."),
}


def caller_view(session: Session, brand: Brand) -> CallerView:
    """Return the body of step 1."""
    asked = session.phase in (Phase.WORD, Phase.CHECKING_WORD) and session.case is not None
    case = session.case if asked else None
    return CallerView(
        warning=Say(
            N_(
                "{company} never asks for a bank password, a BLIK code or a transfer. If somebody does, hang up."
            ),
            {"company": brand.seller.short_name},
        ),
        digits=session.code,
        code_enabled=session.phase is Phase.CODE,
        technician=case.technician_name if case else "",
        words=case.words if case else (),
        words_enabled=session.phase is Phase.WORD,
    )


def details_view(session: Session, brand: Brand) -> DetailsView:
    """Return the body of step 2."""
    return DetailsView(
        person=session.person,
        problems=session.person.problems(),
        show_all=session.error in FIELD_CODES,
        privacy_short=brand.privacy.short.in_language(session.language),
        privacy=session.document(Document.PRIVACY),
    )


def terms_view(session: Session, brand: Brand) -> TermsView:
    """Return the body of step 3."""
    declarations = brand.declarations
    return TermsView(
        scope=brand.texts.scope.in_language(session.language),
        price=session.case.price if session.case else None,
        ticks=(
            _tick(session, Control.ACCEPT_TERMS, declarations.terms),
            _tick(session, Control.ACCEPT_PRICE, declarations.price),
        ),
        terms=_document(session, Document.TERMS),
        price_list=_document(session, Document.PRICE),
        bundled_as_of=brand.documents.as_of if any(d.bundled for d in session.documents) else "",
    )


def terms_ticked(session: Session) -> bool:
    """Tell whether both boxes of step 3 are ticked."""
    return session.ticked(Control.ACCEPT_TERMS) and session.ticked(Control.ACCEPT_PRICE)


def computer_view(session: Session, brand: Brand) -> ComputerView:
    """Return the body of step 4."""
    language = session.language
    if session.backup is None:
        backup = Backup.OPEN
    elif session.backup is not BackupChoice.NONE:
        backup = Backup.ANSWERED
    else:
        backup = Backup.AGREED if session.no_backup_agreed else Backup.WAITING_FOR_YES
    return ComputerView(
        checks=tuple(_check_row(check) for check in session.checks),
        can_retry=any(c.code is not None and c.code.info.retryable for c in session.checks),
        backup=backup,
        choice=session.backup,
        made_on=session.backup_made_on,
        have_text=brand.declarations.backup.in_language(language),
        none_tick=_tick(session, Control.NO_BACKUP, brand.declarations.no_backup),
    )


def computer_hint(session: Session) -> Say | None:
    """Return what keeps step 4 from going on."""
    if session.blocking_check is not None:
        return Say(N_("Something above has to be solved first."))
    if session.checks_running:
        return Say(N_("The program is still checking."))
    if session.backup is None:
        return Say(N_("Still to do: answer the question about the backup."))
    return Say(N_("Waiting for the technician's yes."))


def order_view(session: Session, brand: Brand) -> OrderView:
    """Return the body of step 5."""
    language = session.language
    consumer = session.person.kind is CustomerKind.CONSUMER
    texts = brand.consumer
    stage = {Phase.OFFLINE: OrderStage.OFFLINE, Phase.ORDER: OrderStage.FORM}.get(
        session.phase, OrderStage.SENDING
    )
    withdrawal = "\n\n".join(
        text.in_language(language) for text in (texts.withdrawal_information, texts.withdrawal_form) if text
    )
    return OrderView(
        stage=stage,
        price=session.case.price if session.case else None,
        lines=_order_lines(session),
        ticks=tuple(_order_tick(session, brand, control) for control in needed_ticks(session)),
        early_short=texts.early_start_short.in_language(language) if consumer else "",
        withdrawal=withdrawal if consumer else "",
        offline_code=session.consent.offline_code if session.consent else "",
        tries_left=session.answer_tries_left,
    )


def order_hint(session: Session) -> Say:
    """Return what keeps the order button from being alive."""
    if any(not session.ticked(control) for control in needed_ticks(session)):
        return Say(N_("Still to do: tick what you agree to."))
    if session.person.problems():
        return Say(N_("Something is missing in your details. Go back and fill it in."))
    if not terms_ticked(session):
        return Say(N_("The terms are not accepted yet. Go back and tick both boxes."))
    if not computer_ready(session):
        return Say(N_("Something about your computer is not answered yet. Go back one step."))
    return Say(N_("The terms are being loaded."))


def _order_lines(session: Session) -> tuple[OrderLine, ...]:
    case, person = session.case, session.person
    problem = case.problem if case else ""
    technician = case.technician_name if case else ""
    documents = tuple(
        Say(N_("{title}, version {version}"), {"title": d.title, "version": d.version})
        for d in (session.document(Document.TERMS), session.document(Document.PRICE))
        if d is not None
    )
    backup = {
        None: None,
        BackupChoice.HAVE_ONE: Say(N_("You have one.")),
        BackupChoice.MADE_NOW: Say(N_("You made one now.")),
        BackupChoice.NONE: Say(N_("You have none. The technician agreed.")),
    }[session.backup]
    lines = [
        OrderLine(Say(N_("Problem")), (problem,)),
        OrderLine(Say(N_("Technician")), (technician,)),
        OrderLine(Say(N_("You")), _person_lines(person)),
        OrderLine(Say(N_("Documents")), documents),
        OrderLine(Say(N_("Backup copy")), (backup,) if backup else ()),
    ]
    return tuple(line for line in lines if any(line.lines))


def _person_lines(person: Person) -> tuple[str | Say, ...]:
    lines: list[str | Say] = []
    if person.kind is CustomerKind.BUSINESS:
        lines.append(person.company)
        lines.append(Say(N_("NIP {number}"), {"number": person.nip}))
    lines += [person.name, person.address, person.email]
    return tuple(line for line in lines if line)


def _order_tick(session: Session, brand: Brand, control: Control) -> TickView:
    language, texts = session.language, brand.declarations
    if control is Control.EARLY_START:
        return _tick(session, control, brand.consumer.early_start)
    label = texts.order_tick.in_language(language)
    covered = (texts.dispose, texts.presence, texts.remote_work)
    covers = (label, *(text.in_language(language) for text in covered))
    return TickView(control, label, covers, session.ticked(control))


def _tick(session: Session, control: Control, text: Text) -> TickView:
    label = text.in_language(session.language)
    return TickView(control, label, (label,), session.ticked(control))


def _document(session: Session, kind: Document) -> DocumentView | None:
    text: DocumentText | None = session.document(kind)
    if text is None:
        return None
    binding = session.binding_document(kind)
    return DocumentView(text, binding if binding is not None and binding != text else None)


def _check_row(check: CheckResult) -> CheckRow:
    name = Say(_CHECK_NAMES[check.kind])
    if check.state is CheckState.RUNNING:
        return CheckRow(check.kind, check.state, name, _running(check))
    if check.code is None:
        return CheckRow(check.kind, check.state, name, Say(_CHECK_GOOD[check.kind]))
    info = check.code.info
    return CheckRow(check.kind, check.state, name, Say(info.title), Say(info.advice), check.code.value)


def _running(check: CheckResult) -> Say:
    if not check.to_fetch:
        return Say(N_("Checking …"))
    done, total = check.fetched // _MEGABYTE, -(-check.to_fetch // _MEGABYTE)
    # Translators: how much of the AnyDesk program has been downloaded so far
    return Say(N_("Downloading, {done} of {total} MB"), {"done": done, "total": total})
