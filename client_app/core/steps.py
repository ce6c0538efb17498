"""The seven steps, with one numbering for wizard, console, phone guide and logs."""

import enum

from client_app.core.messages import N_


class Step(enum.Enum):
    """A numbered step; the value is its id on the wire."""

    CALLER = "caller"
    DETAILS = "details"
    TERMS = "terms"
    COMPUTER = "computer"
    ORDER = "order"
    HELP = "help"
    FINISH = "finish"

    @property
    def number(self) -> int:
        """Number that people say on the phone, from 1."""
        return list(Step).index(self) + 1

    @property
    def title(self) -> str:
        """Short name on the rail (message id)."""
        return _TITLES[self]


_TITLES = {
    Step.CALLER: N_("Who is calling"),
    Step.DETAILS: N_("Your details"),
    Step.TERMS: N_("Terms and price"),
    Step.COMPUTER: N_("Your computer"),
    Step.ORDER: N_("Order"),
    Step.HELP: N_("Help"),
    Step.FINISH: N_("Finish"),
}
