"""Makes the pages after the first; each is imported when it is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from client_app.core.view_state_types import PageId

if TYPE_CHECKING:
    from client_app.ui.pages.base import WizardPage
    from client_app.ui.wizard import HelpWizard


def make_page(page_id: int, wizard: HelpWizard) -> WizardPage:
    """Make the page of an id.

    Raises:
        ValueError: there is no such page.
    """
    match PageId(page_id):
        case PageId.DETAILS:
            from client_app.ui.pages.details import DetailsPage

            return DetailsPage(wizard)
        case PageId.TERMS:
            from client_app.ui.pages.terms import TermsPage

            return TermsPage(wizard)
        case PageId.COMPUTER:
            from client_app.ui.pages.computer import ComputerPage

            return ComputerPage(wizard)
        case PageId.ORDER:
            from client_app.ui.pages.order import OrderPage

            return OrderPage(wizard)
        case PageId.HELP:
            from client_app.ui.pages.help import HelpPage

            return HelpPage(wizard)
        case PageId.FINISH:
            from client_app.ui.pages.finish import FinishPage

            return FinishPage(wizard)
        case PageId.STOPPED:
            from client_app.ui.pages.stopped import StoppedPage

            return StoppedPage(wizard)
        case PageId.CALLER:
            raise ValueError("the first page is made by the wizard itself")
