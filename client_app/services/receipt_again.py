"""Sections of what lies between two starts under one order: an agreed restart, a reopening."""

from __future__ import annotations

from client_app.core.messages import N_
from client_app.core.receipt_text import ReceiptRow, ReceiptSection
from client_app.services.receipt_words import Words
from consent_record.records import Act, InputOrigin, Reopening, Restart

_WHO = {
    InputOrigin.LOCAL: N_("You, at this computer"),
    # Translators: an on-screen keyboard is one; AnyDesk was closed then.
    InputOrigin.INJECTED: N_("Pressed through another program"),
    InputOrigin.UNKNOWN: N_("The system does not say who pressed"),
}
_WHO_WHILE_CONNECTED = {**_WHO, InputOrigin.INJECTED: N_("Another program: this agreed to nothing")}
_REASONS = {
    "restart": N_("Help went on after the restart."),
    "accidental": N_("Help was opened again after it had ended by accident."),
}


def restart_sections(restart: Restart, words: Words) -> tuple[ReceiptSection, ...]:
    """Return what the record of a press on the restart button says."""
    who = _WHO_WHILE_CONNECTED[restart.act.origin]
    return (_section(N_("Restart of the computer"), restart.consent_id, restart.act, who, words),)


def reopening_sections(reopening: Reopening, words: Words) -> tuple[ReceiptSection, ...]:
    """Return what the record of a second start says."""
    say = words.say
    lines = (say(_REASONS[reopening.reason]), say(N_("Same terms, same price, no new cost.")))
    who = _WHO[reopening.act.origin]
    return (_section(N_("Help went on"), reopening.consent_id, reopening.act, who, words, lines),)


def _section(
    title: str, order: str, act: Act, who: str, words: Words, lines: tuple[str, ...] = ()
) -> ReceiptSection:
    say = words.say
    rows = (
        ReceiptRow(say(N_("When")), words.time(act.at)),
        ReceiptRow(say(N_("Order")), order, is_exact=True),
        ReceiptRow(say(N_("Who pressed the button")), say(who)),
    )
    return ReceiptSection(say(title), rows=rows, lines=(*lines, *act.texts))
