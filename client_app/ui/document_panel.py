"""Something long to read over the whole window: a document, or the information on withdrawal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTextBrowser

from client_app.ui import markdown
from client_app.ui.overlay import Overlay
from client_app.ui.props import scrolls_down_only
from client_app.ui.widgets.document_box import DocumentBox

if TYPE_CHECKING:
    from client_app.core.view_state_types import DocumentView
    from client_app.ui.wizard import HelpWizard


def open_document(wizard: HelpWizard, view: DocumentView) -> None:
    """Let the customer read a whole document; it can be saved and printed there."""
    layer = Overlay(wizard, "document_panel", view.text.title, wide=True)
    box = DocumentBox("panel_document", wizard.paperwork.log)
    box.save_pressed.connect(wizard.paperwork.ask_save_document)
    box.print_pressed.connect(wizard.print_document_requested)
    layer.column.addWidget(box, 1)
    layer.add_button("panel_close", wizard.translator("Close"), "primary", layer.close_layer)
    layer.open(box.reader)
    box.show_document(view, wizard.tokens, wizard.translator)


def open_text(wizard: HelpWizard, name: str, title: str, text: str) -> None:
    """Let the customer read a text of the company's that is no document of its own."""
    layer = Overlay(wizard, name, title, wide=True)
    reader = QTextBrowser()
    reader.setObjectName(f"{name}_text")
    reader.setAccessibleName(title)
    reader.setOpenLinks(False)
    reader.setTabChangesFocus(True)
    reader.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
    scrolls_down_only(reader)
    markdown.fill(reader.document(), text, wizard.tokens.px(17), wizard.tokens.text)
    reader.document().setDocumentMargin(14)
    layer.column.addWidget(reader, 1)
    layer.add_button("panel_close", wizard.translator("Close"), "primary", layer.close_layer)
    layer.open(reader)
