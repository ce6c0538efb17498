"""The questions that stand in the window: closing, stopping, "this is not them". Each says what happens on yes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from client_app.core import events as ev
from client_app.core.view_state_types import CloseRule, Contact, Question, WizardView
from client_app.ui.overlay import Overlay
from client_app.ui.widgets.contact_list import ContactList
from client_app.ui.widgets.path_list import HEIGHT, PathList

if TYPE_CHECKING:
    from client_app.ui.wizard import HelpWizard


def ask_close(wizard: HelpWizard) -> None:
    """Ask what closing the window asks for; leave at once when nothing depends on it."""
    view = wizard.view
    # Before the flow is there the wish to leave is kept like everything else, and heard when it is.
    if view is None or view.close is CloseRule.LEAVE or view.close_question is None:
        wizard.intent.emit(ev.WindowCloseConfirmed())
        return
    question = view.close_question
    _ = wizard.translator
    layer = Overlay(
        wizard, "ask_close", _.say(question.title), lambda _before, now: now.close_question == question
    )
    layer.add_text(_.say(question.text), name="ask_close_text")
    if view.close is CloseRule.ASK:
        layer.add_button(
            "close_yes", _.say(question.yes), "plain", lambda: _confirm(wizard, ev.WindowCloseConfirmed())
        )
    layer.add_button("close_no", _.say(question.no), "primary", layer.close_layer)
    layer.open()


def ask_stop(wizard: HelpWizard) -> None:
    """Offer to finish later or to refuse."""
    view = wizard.view
    if view is None or view.stop_question is None:
        return
    question: Question = view.stop_question
    _ = wizard.translator
    layer = Overlay(
        wizard, "ask_stop", _.say(question.title), lambda _before, now: now.stop_question == question
    )
    layer.add_text(_.say(question.text), name="ask_stop_text")
    if view.can_postpone:
        layer.add_text(_("Later today or another day the same code works again."), name="ask_stop_later")
        layer.add_button(
            "stop_later", _("Finish later"), "plain", lambda: _confirm(wizard, ev.PostponePressed())
        )
    layer.add_button(
        "stop_refuse", _.say(question.yes), "plain", lambda: _confirm(wizard, ev.RefusePressed())
    )
    layer.add_button("stop_no", _.say(question.no), "primary", layer.close_layer)
    layer.open()


def ask_later(wizard: HelpWizard) -> None:
    """Explain what finishing later means, then do it."""
    view = wizard.view
    if view is None or not view.can_postpone:
        return
    _ = wizard.translator
    layer = Overlay(wizard, "ask_later", _("Make a backup first?"), lambda _before, now: now.can_postpone)
    layer.add_text(
        _("Copy what matters to you to a memory stick, another disk or the cloud."), name="ask_later_how"
    )
    layer.add_text(
        _("The program ends here. Later you open it again and type the same code."), name="ask_later_text"
    )
    layer.add_button("later_yes", _("Finish later"), "plain", lambda: _confirm(wizard, ev.PostponePressed()))
    layer.add_button("later_no", _("Back to where I was"), "primary", layer.close_layer)
    layer.open()


def ask_not_them(wizard: HelpWizard) -> None:
    """Explain, then end everything; when nothing can be ended any more, only say whom to call."""
    view = wizard.view
    if view is None:
        return
    _ = wizard.translator
    acts = view.not_them_acts
    title = _("Is somebody else on the phone, or already connected?") if acts else _("Whom to call")

    def fits(_before: WizardView | None, now: WizardView) -> bool:
        return now.not_them_acts == acts

    layer = Overlay(wizard, "ask_not_them", title, fits)
    if acts:
        text = _(
            "Press “End everything”. The program cuts every connection that it started. Then hang up the phone."
        )
        layer.add_text(text, name="ask_not_them_text")
    _add_contacts(layer, view.contacts, wizard)
    back = layer.add_button("not_them_no", _("Back to where I was"), "plain", layer.close_layer)
    if acts:
        layer.add_button(
            "not_them_yes", _("End everything"), "danger", lambda: _confirm(wizard, ev.NotThemPressed())
        )
    layer.open(back)


def ask_remove(wizard: HelpWizard, planned: tuple[str, ...]) -> None:
    """Show the list of what is deleted, then ask."""
    _ = wizard.translator
    layer = Overlay(
        wizard, "ask_remove", _("Remove the program?"), lambda before, now: now.page == _page(before, now)
    )
    layer.add_text(
        _("These files and folders of the program are deleted. Nothing else is touched."),
        name="ask_remove_text",
    )
    layer.add_text(_("Confirmations that you saved yourself stay."), name="ask_remove_stays")
    count = _.plural("{number} file or folder:", "{number} files and folders:", len(planned))
    layer.add_text(count, "strong", "ask_remove_count")
    layer.column.addWidget(PathList("ask_remove_list", count, planned, wizard.tokens.px(HEIGHT)))
    layer.add_button("remove_yes", _("Remove"), "plain_danger", lambda: _confirm(wizard, ev.RemovalAsked()))
    layer.add_button("remove_no", _("Keep the program"), "primary", layer.close_layer)
    layer.open()


def _page(before: WizardView | None, now: WizardView) -> object:
    return before.page if before is not None else now.page


def _add_contacts(layer: Overlay, contacts: tuple[Contact, ...], wizard: HelpWizard) -> None:
    listed = ContactList("ask_contacts")
    listed.show_contacts(contacts, wizard.tokens)
    layer.column.addWidget(listed)


def _confirm(wizard: HelpWizard, event: ev.Event) -> None:
    wizard.close_overlay()
    wizard.report_reading()
    wizard.intent.emit(event)
