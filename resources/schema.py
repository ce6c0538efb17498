"""The keys of a brand file: what each is for, how it is checked, and whether it may stay empty.

Rule: a key that is not listed here does not exist; resources/brand.toml, docs/adopting.md and the client's
settings are compared with this table by tests.
"""

from __future__ import annotations

from dataclasses import dataclass

from resources import checks
from resources.checks import Check

__all__ = ["CONTACT_KEYS", "FORMAT", "KEYS", "Key", "keys_table"]

#: Version of the brand file's layout and of the compiled file (client_app.core.config.COMPILED_FORMAT).
FORMAT = 1

_NAME = checks.identifier(r"[a-z][a-z0-9-]{1,39}", "lower-case letters, digits and hyphens")
_FILE = checks.identifier(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,79}", "a plain file name without folders")
_LABEL = checks.text(80)
_SENTENCES = checks.text(2000)
_SENTENCES_OR_NONE = checks.text(2000, empty=True)
_LEGAL_TEXT = checks.text(8000)
_FILE_PAIR = checks.text(300)
_FILE_PAIR_OR_NONE = checks.text(300, empty=True)


@dataclass(frozen=True, slots=True)
class Key:
    """One key. ``release``: may be empty while trying, must be filled for a release."""

    name: str
    check: Check
    what: str
    release: bool = False


KEYS: tuple[Key, ...] = (
    Key("format", checks.integer(FORMAT, FORMAT), "version of this file's layout"),
    Key("example", checks.boolean, "invented data: every page says so, no release build"),
    Key("product.name", _LABEL, "the program's name in windows, menus and shortcuts"),
    Key("product.executable", _NAME, "file name of the program, without .exe"),
    Key("product.package", _NAME, "name of the Linux package"),
    Key(
        "product.registry_key",
        checks.identifier(r"[A-Za-z][A-Za-z0-9]{1,39}", "letters and digits only"),
        "Windows: uninstall entry and program folder",
    ),
    Key(
        "product.bundle_id",
        checks.identifier(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*){2,}", "a reversed domain, pl.company.help"),
        "macOS bundle identifier, Linux desktop file",
    ),
    Key("seller.name", checks.line(), "full legal name, in receipts and legal texts"),
    Key("seller.short_name", checks.line(60), "how the pages speak of the company"),
    Key("seller.site", checks.site, "the company's site"),
    Key("seller.site_hint", _LABEL, "how a customer finds the program by hand"),
    Key("seller.phone", checks.phone, "number that customers call; on every page", release=True),
    Key("seller.email", checks.email, "address for customers", release=True),
    Key("seller.address", checks.line(empty=True), "postal address", release=True),
    Key("seller.nip", checks.nip, "tax number", release=True),
    Key("seller.registration", checks.line(empty=True), "register and number, if there is one to name"),
    Key("seller.complaints", _SENTENCES_OR_NONE, "how to complain, when an answer comes", release=True),
    Key("privacy.contact", checks.email, "e-mail for privacy matters, if another"),
    Key("privacy.other_recipients", _SENTENCES_OR_NONE, "who else gets data, in one sentence", release=True),
    Key("privacy.transfers", _SENTENCES_OR_NONE, "data leaving the European Economic Area"),
    Key("privacy.short", _SENTENCES, "the privacy notice in short"),
    Key("backend.url", checks.url, "address of the company's backend", release=True),
    Key("backend.root_public_key", checks.root_key, "public half of the offline root key", release=True),
    Key(
        "anydesk.prefix",
        checks.identifier(r"[A-Za-z0-9]{8}", "the 8 signs from my.anydesk, or nothing", empty=True),
        "prefix of the custom client; names its data folders",
        release=True,
    ),
    Key(
        "anydesk.namespace",
        checks.identifier(r"[a-z0-9][a-z0-9._-]{0,59}", "what follows the @, or nothing", empty=True),
        "namespace of the technicians' aliases",
    ),
    Key("anydesk.file_windows", _FILE, "the custom client's file for Windows"),
    Key("anydesk.file_macos", _FILE, "the custom client's file for macOS"),
    Key("anydesk.file_linux", _FILE, "the custom client's file for Linux"),
    Key("anydesk.allowed_features", checks.choices("file_manager"), "beyond screen, keyboard and mouse"),
    Key("appearance.accent", checks.colour, "main buttons and current step, light themes"),
    Key("appearance.accent_text", checks.colour, "text on it"),
    Key("appearance.dark_accent", checks.colour, "the same in dark themes"),
    Key("appearance.dark_accent_text", checks.colour, "text on it"),
    Key("appearance.logo", checks.line(empty=True), "SVG or PNG beside the brand file; empty: own sign"),
    Key("order_button.paid", _LABEL, "order button when the price is above zero"),
    Key("order_button.free", _LABEL, "order button when it is zero"),
    Key("declarations.terms", _SENTENCES, "tick: terms"),
    Key("declarations.price", _SENTENCES, "tick: price list and price"),
    Key("declarations.dispose", _SENTENCES, "sentence: may dispose of the computer"),
    Key("declarations.presence", _SENTENCES, "sentence: stays and watches"),
    Key("declarations.remote_work", _SENTENCES, "sentence: agrees to remote work"),
    Key("declarations.order_tick", _SENTENCES, "label of the tick for the three sentences above"),
    Key("declarations.backup", _SENTENCES, "sentence: has a backup"),
    Key("declarations.no_backup", _SENTENCES, "sentence: has none; departs from the terms"),
    Key("texts.scope", _SENTENCES, "scope in plain words above the price"),
    Key("texts.example_notice", _SENTENCES, "shown when example is true"),
    Key("consumer.early_start", _SENTENCES, "tick: start before the 14 days, with its effect"),
    Key("consumer.early_start_short", _SENTENCES, "what not ticking it means"),
    Key("consumer.withdrawal_information", _LEGAL_TEXT, "information on withdrawal (Markdown)"),
    Key("consumer.withdrawal_form", _LEGAL_TEXT, "model withdrawal form (Markdown)"),
    Key("clocks.session_hours", checks.integer(1, 8), "longest session, from the first connection"),
    Key("clocks.no_connection_minutes", checks.integer(2, 60), "end after this long without a connection"),
    Key("clocks.reopen_minutes", checks.integer(0, 60), "reopening after an accidental end; 0: never"),
    Key("clocks.presence_minutes", checks.integer(10, 60), "how often presence is asked"),
    Key("clocks.return_minutes", checks.integer(5, 240), "to come back in after a restart of the computer"),
    Key("clocks.presence_answer_minutes", checks.integer(2, 15), "time to answer"),
    Key("rights.policy", checks.choice("ask_technician", "stop"), "customer who cannot become administrator"),
    Key("retention.consent_record_months", checks.integer(12, 240), "consent records and receipts"),
    Key("retention.case_details_days", checks.integer(1, 3650), "phone, problem, what was done"),
    Key("retention.refusal_days", checks.integer(1, 365), "records of refusals"),
    Key("retention.abuse_log_days", checks.integer(1, 30), "network addresses in the log against abuse"),
    Key("retention.invoice_years", checks.integer(5, 20), "invoices, in the company's accounting"),
    Key("documents.as_of", checks.iso_date, "the day the bundled texts were taken"),
    Key("documents.terms", _FILE_PAIR, "terms, Markdown files"),
    Key("documents.privacy", _FILE_PAIR, "privacy notice, Markdown templates"),
    Key("documents.price", _FILE_PAIR_OR_NONE, "price list, Markdown files", release=True),
)

#: Keys of each [[emergency]] entry. ``number`` is a template of one line.
CONTACT_KEYS: tuple[Key, ...] = (
    Key("kind", checks.choice("bank", "cert", "police", "company"), "whose number it is"),
    Key("name", _LABEL, "who answers"),
    Key("number", checks.template_line, "number to call or to text; may be empty"),
    Key("advice", _SENTENCES, "what to do, or where to find the number"),
)


def keys_table() -> str:
    """Return the table of all keys for docs/adopting.md."""
    rows = ["| key | what it is | empty? |", "| --- | --- | --- |"]
    for key in (*KEYS, *(Key(f"emergency[].{key.name}", key.check, key.what) for key in CONTACT_KEYS)):
        rows.append(f"| `{key.name}` | {key.what} | {_emptiness(key)} |")
    return "\n".join(rows) + "\n"


def _emptiness(key: Key) -> str:
    if key.release:
        return "while trying"
    nothings: tuple[object, ...] = ("", dict.fromkeys(checks.LANGUAGES, ""), [])
    for nothing in nothings:
        try:
            key.check(nothing)
        except checks.ProblemError:
            continue
        return "allowed"
    return "no"


if __name__ == "__main__":
    print(keys_table(), end="")
