"""Terms, price list and privacy notice on paper, word for word, with the version and hash that name them.

Usable from a worker thread.
"""

from __future__ import annotations

from collections.abc import Iterator

from client_app.core.brand_types import Brand
from client_app.core.messages import N_
from client_app.core.session import DocumentText
from client_app.ui.i18n import Translator
from client_app.ui.paper import Paper
from client_app.ui.paper_fonts import Face
from client_app.ui.paper_markdown import first_heading, write_markdown
from client_app.ui.paper_pages import settle
from client_app.ui.paper_pdf import to_pdf


def document_pdf(document: DocumentText, brand: Brand, language: str) -> bytes:
    """Return a document as a PDF file.

    Args:
        document: one version in one language, already checked.
        brand: whose it is.
        language: of the words around it ("pl" or "en").

    Raises:
        CustomerError: CANNOT_SAVE: it could not be drawn.
    """
    translator = Translator(language)
    paper = Paper()
    for _step in write_document(paper, document, brand, translator):
        pass
    return to_pdf(
        paper,
        title=document.title,
        author=brand.seller.name,
        foot=document_foot(document, translator),
        _=translator,
    )


def document_foot(document: DocumentText, _: Translator) -> str:
    """Return what stands at the foot of every page of a document."""
    version = _(N_("{title}, version {version}")).format(title=document.title, version=document.version)
    return f"{version} · SHA-256 {document.sha256[:16]}…"


def write_document(paper: Paper, document: DocumentText, brand: Brand, _: Translator) -> Iterator[None]:
    """Write a document, one step at a time, and settle it."""
    with paper.batch():
        paper.paragraph((brand.seller.name, Face.COMPANY), below_mm=1.5)
        paper.line(above_mm=0.0, below_mm=5.0)
        if not first_heading(document.markdown):
            paper.paragraph((document.title, Face.TITLE), below_mm=1.0, heading=1)
        for notice in _notices(document, brand, _):
            paper.notice(notice)
    yield
    yield from write_markdown(paper, document.markdown)
    with paper.batch():
        paper.paragraph((_(N_("Which text this is")), Face.HEADING), above_mm=8.0, below_mm=1.5, heading=2)
        paper.rows(
            [
                (_(N_("Version")), (str(document.version), Face.BODY)),
                (_(N_("Published")), (_.day(document.published_at[:10]), Face.BODY)),
                (_(N_("SHA-256 of its exact bytes")), (document.sha256, Face.EXACT)),
            ]
        )
    yield
    yield from settle(paper)


def _notices(document: DocumentText, brand: Brand, _: Translator) -> Iterator[str]:
    if brand.example and brand.texts.example_notice:
        yield brand.texts.example_notice.in_language(_.language)
    if not document.binding:
        yield _(N_("This is a translation. The Polish text is the one that is agreed."))
    if document.bundled:
        copy = N_(
            "The company's server could not be reached. This is the copy of {day} that came with the program."
        )
        yield _(copy).format(day=_.day(brand.documents.as_of))
