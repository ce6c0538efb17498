"""What a brand is made of: frozen data, one class per table of resources/brand.toml, with the same names.

Rule: values the company left empty are ``""`` (or a false ``Text``): a page leaves out what is empty and
never shows a label without a value.
"""

from __future__ import annotations

from enum import StrEnum

from client_app.core.value import Value


class Text(Value):
    """One wording in every language of the program; Polish is the binding one. False when empty."""

    pl: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the wording for ``"pl"`` or ``"en"``; any other language gets English, the nearest to it."""
        return self.pl if language == "pl" else self.en

    def __bool__(self) -> bool:
        """Tell whether there is anything to show."""
        return bool(self.pl or self.en)


class AnyDeskFeature(StrEnum):
    """What a brand may allow beyond screen, keyboard and mouse; everything else stays forbidden."""

    FILE_MANAGER = "file_manager"


class RightsPolicy(StrEnum):
    """What happens to a customer who cannot become administrator."""

    STOP = "stop"
    ASK_TECHNICIAN = "ask_technician"


class ContactKind(StrEnum):
    """Whom an emergency contact belongs to; decides the icon only."""

    BANK = "bank"
    CERT = "cert"
    POLICE = "police"
    COMPANY = "company"


class ProductBrand(Value):
    """Names of the program: for people (``name``) and for the systems it is installed on."""

    name: Text
    executable: str
    package: str
    registry_key: str
    bundle_id: str


class SellerBrand(Value):
    """Who provides the service.

    ``phone``, ``email``, ``address``, ``nip``, ``registration`` and ``complaints`` may be empty.
    """

    name: str
    short_name: str
    site: str
    site_hint: Text
    phone: str
    email: str
    address: str
    nip: str
    registration: str
    complaints: Text


class PrivacyBrand(Value):
    """Texts and contact of the privacy notice; all but ``short`` may be empty."""

    contact: str
    other_recipients: Text
    transfers: Text
    short: Text


class BackendBrand(Value):
    """Where the backend is and the one key trusted by itself.

    ``url`` has no trailing slash; ``root_public_key`` is an Ed25519 public key in 64 lower-case hexadecimal
    digits. Both are empty in a development brand.
    """

    url: str
    root_public_key: str


class AnyDeskBrand(Value):
    """The company's custom AnyDesk client. ``prefix`` and ``namespace`` may be empty."""

    prefix: str
    namespace: str
    file_windows: str
    file_macos: str
    file_linux: str
    allowed_features: frozenset[AnyDeskFeature]


class AppearanceBrand(Value):
    """Colours as ``#rrggbb``; ``logo`` is a file name beside the compiled brand file, or empty."""

    accent: str
    accent_text: str
    dark_accent: str
    dark_accent_text: str
    logo: str


class OrderButtonBrand(Value):
    """Labels of the order button, by price (art. 17 of the Polish act on consumer rights)."""

    paid: Text
    free: Text


class DeclarationsBrand(Value):
    """The exact sentences that ticks cover; stored word by word in the consent record.

    ``order_tick`` is the label of one tick that covers ``dispose``, ``presence`` and ``remote_work``.
    """

    terms: Text
    price: Text
    dispose: Text
    presence: Text
    remote_work: Text
    order_tick: Text
    backup: Text
    no_backup: Text


class TextsBrand(Value):
    """Other wordings of the company's. ``example_notice`` belongs on every page if ``Brand.example``."""

    scope: Text
    example_notice: Text


class ConsumerBrand(Value):
    """Wordings for consumers only. The withdrawal texts are Markdown with headings and lists."""

    early_start: Text
    early_start_short: Text
    withdrawal_information: Text
    withdrawal_form: Text


class EmergencyContact(Value):
    """One line of "whom to call". ``number`` may be empty; ``advice`` then says where to find it."""

    kind: ContactKind
    name: Text
    number: str
    advice: Text


class ClocksBrand(Value):
    """Limits of a session in seconds. The backend can only shorten them; ``reopen_seconds`` 0 means never."""

    session_seconds: int
    no_connection_seconds: int
    reopen_seconds: int
    presence_seconds: int
    presence_answer_seconds: int
    return_seconds: int


class RetentionBrand(Value):
    """How long the backend keeps what; the privacy notice states the same numbers."""

    consent_record_months: int
    case_details_days: int
    refusal_days: int
    abuse_log_days: int
    invoice_years: int


class DocumentsBrand(Value):
    """The bundled copies of the documents.

    ``as_of`` is an ISO date. Each ``Text`` holds paths relative to the folder of the compiled brand file
    (``documents/terms/pl.md``), or nothing when the company has no such document.
    """

    as_of: str
    terms: Text
    privacy: Text
    price: Text


class Brand(Value):
    """Everything a company changes. ``example`` means invented data: say so wherever it is shown."""

    example: bool
    product: ProductBrand
    seller: SellerBrand
    privacy: PrivacyBrand
    backend: BackendBrand
    anydesk: AnyDeskBrand
    appearance: AppearanceBrand
    order_button: OrderButtonBrand
    declarations: DeclarationsBrand
    texts: TextsBrand
    consumer: ConsumerBrand
    emergency: tuple[EmergencyContact, ...]
    clocks: ClocksBrand
    rights_policy: RightsPolicy
    retention: RetentionBrand
    documents: DocumentsBrand
