"""Names of the controls whose use is an act: the same in wizard, record and the backend's demands.

Rule: injected input (AnyDesk's, and an on-screen keyboard's just so) presses nothing while somebody is or may be
connected. Where AnyDesk does not run it counts and stays in the record as what it was: else people who need such tools
could order nothing (docs/decisions/0014-who-is-at-the-computer.md).
"""

import enum

from consent_record.records import Act, BackupKind, Consent, InputOrigin, PersonKind


class Control(enum.Enum):
    """A control of the wizard; `Act.control` holds the value."""

    ACCEPT_TERMS = "accept_terms"
    ACCEPT_PRICE = "accept_price"
    AUTHORITY = "authority"
    EARLY_START = "early_start"
    NO_BACKUP = "no_backup"
    ORDER = "order"


class AgainControl(enum.Enum):
    """A control whose use restarts the computer, or lets AnyDesk be started once more under the same consent."""

    RESTART = "restart"
    CONTINUE = "continue_help"
    REOPEN = "reopen"


REOPENED_BY = {"restart": AgainControl.CONTINUE, "accidental": AgainControl.REOPEN}
"""Which control a reopening needs, by its reason."""

ACCIDENTAL_ENDS = frozenset({"customer", "window", "anydesk", "no_connection", "absence"})
"""Ends (`SessionEnd.ended_by`) after which a session may be opened again for a while."""


WHILE_CONNECTED = frozenset({AgainControl.RESTART})
"""Controls that are on the screen while somebody is or may be connected."""


def is_deliberate(act: Act, control: AgainControl) -> bool:
    """Tell whether an act counts: on this control, with the texts that it covered, and by nobody who is connected."""
    return (
        act.control == control.value
        and act.checked
        and not (control in WHILE_CONNECTED and is_injected(act))
        and any(text.strip() for text in act.texts)
    )


def is_injected(*acts: Act) -> bool:
    """Tell whether one of the acts that were made came from another program, whichever that was."""
    return any(act.checked and act.origin is InputOrigin.INJECTED for act in acts)


ALWAYS = (Control.ACCEPT_TERMS, Control.ACCEPT_PRICE, Control.AUTHORITY, Control.ORDER)
"""Acts without which nothing was ordered: terms and price each by a tick of its own, and the order button."""


def demanded(person: PersonKind, backup: BackupKind) -> tuple[Control, ...]:
    """Return the acts that a consent must hold.

    A consumer asks for an early start in words of his own (art. 15(3) and 21(2) of the Polish act on consumer
    rights); going on without a backup departs from the terms and is a declaration of its own.
    """
    controls = list(ALWAYS)
    if person is PersonKind.CONSUMER:
        controls.append(Control.EARLY_START)
    if backup is BackupKind.NONE_AGREED:
        controls.append(Control.NO_BACKUP)
    return tuple(controls)


def missing_acts(consent: Consent) -> tuple[Control, ...]:
    """Return the demanded acts that a consent lacks.

    An act left unticked or without the text that it covered does not count; the order button's text is
    `button_label`. Where the input came from is written down and decides nothing here: AnyDesk does not run yet.
    """
    has_label = bool(consent.button_label.strip())
    done = {
        act.control
        for act in consent.acts
        if act.checked
        and (has_label if act.control == Control.ORDER.value else any(text.strip() for text in act.texts))
    }
    return tuple(c for c in demanded(consent.person.kind, consent.backup.kind) if c.value not in done)
