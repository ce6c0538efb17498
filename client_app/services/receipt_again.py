"""Sections of what lies between two starts under one order: an agreed restart, a reopening."""

from __future__ import annotations

from client_app.core.messages import N_
from client_app.core.receipt_text import ReceiptRow, ReceiptSection
from client_app.services.receipt_words import Words
from consent_record.records import Act, InputOrigin, Reopening, Restart

_WHO = {
    InputOrigin.LOCAL: N_("You, at this computer"),
    InputOrigin.INJECTED: N_("Another program: this agreed to nothing"),
    InputOrigin.UNKNOWN: N_("The system does not say who pressed"),
}
_REASONS = {
    "restart": N_("Help went on after the restart."),
    "accidental": N_("Help was opened again after it had ended by accident."),
}


def restart_sections(restart: Restart, words: Words) -> tuple[ReceiptSection, ...]:
    """Return what the record of a press on the restart button says."""
    return (_section(N_("Restart of the computer"), restart.consent_id, restart.act, words, ()),)


def reopening_sections(reopening: Reopening, words: Words) -> tuple[ReceiptSection, ...]:
    """Return what the record of a second start says."""
    say = words.say
    lines = (say(_REASONS[reopening.reason]), say(N_("Same terms, same price, no new cost.")))
    return (_section(N_("Help went on"), reopening.consent_id, reopening.act, words, lines),)


def _section(title: str, order: str, act: Act, words: Words, lines: tuple[str, ...]) -> ReceiptSection:
    say = words.say
    rows = (
        ReceiptRow(say(N_("When")), words.time(act.at)),
        ReceiptRow(say(N_("Order")), order, is_exact=True),
        ReceiptRow(say(N_("Who pressed the button")), say(_WHO[act.origin])),
    )
    return ReceiptSection(say(title), rows=rows, lines=(*lines, *act.texts))
