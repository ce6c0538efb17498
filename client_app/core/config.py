"""The company's settings: read once from the compiled brand file into frozen data.

Rule: only the standard library's json is used here, because this runs before the first window is painted.
The brand file itself (resources/brand.toml) is checked in full by ``python -m resources.compile``; here only
a compiled file that is missing, damaged or of another version is refused.
"""

from __future__ import annotations

import json
from pathlib import Path

from client_app.core.brand_reader import BrandReader, ConfigError
from client_app.core.brand_types import (
    AnyDeskBrand,
    AnyDeskFeature,
    AppearanceBrand,
    BackendBrand,
    Brand,
    ClocksBrand,
    ConsumerBrand,
    ContactKind,
    DeclarationsBrand,
    DocumentsBrand,
    EmergencyContact,
    OrderButtonBrand,
    PrivacyBrand,
    ProductBrand,
    RetentionBrand,
    RightsPolicy,
    SellerBrand,
    Text,
    TextsBrand,
)

__all__ = [
    "COMPILED_FORMAT",
    "AnyDeskBrand",
    "AnyDeskFeature",
    "AppearanceBrand",
    "BackendBrand",
    "Brand",
    "ClocksBrand",
    "ConfigError",
    "ConsumerBrand",
    "ContactKind",
    "DeclarationsBrand",
    "DocumentsBrand",
    "EmergencyContact",
    "OrderButtonBrand",
    "PrivacyBrand",
    "ProductBrand",
    "RetentionBrand",
    "RightsPolicy",
    "SellerBrand",
    "Text",
    "TextsBrand",
    "brand_from_data",
    "load_brand",
    "missing_for_release",
]

#: Version of resources/compiled/brand.json; equals the one that resources.compile writes (a test compares).
COMPILED_FORMAT = 1
_ADVICE = "Run: python -m resources.compile"
_MINUTE = 60
_HOUR = 3600


def load_brand(path: Path) -> Brand:
    """Read the compiled brand file.

    Args:
        path: usually ``resources.path("compiled/brand.json")``.

    Raises:
        ConfigError: the file is missing, unreadable, not JSON, of another format or incomplete; its ``str()``
            is a sentence that says what to do.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(f"{path}: the compiled brand file is missing. {_ADVICE}") from None
    except OSError as error:
        problem = f"the compiled brand file cannot be read ({error.strerror})"
        raise ConfigError(f"{path}: {problem}. {_ADVICE}") from error
    try:
        data: object = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"{path}: the compiled brand file is damaged (not JSON). {_ADVICE}") from error
    return brand_from_data(data, str(path))


def brand_from_data(data: object, origin: str) -> Brand:
    """Build a brand from decoded JSON; ``origin`` names the file in errors.

    Raises:
        ConfigError: a key is missing, unknown in type or outside its vocabulary.
    """
    root = BrandReader(data, origin)
    if root.integer("format") != COMPILED_FORMAT:
        raise root.error("format", f"this program needs version {COMPILED_FORMAT}")
    anydesk, clocks, rights = root.table("anydesk"), root.table("clocks"), root.table("rights")
    return Brand(
        example=root.boolean("example"),
        product=root.table("product").build(ProductBrand),
        seller=root.table("seller").build(SellerBrand),
        privacy=root.table("privacy").build(PrivacyBrand),
        backend=root.table("backend").build(BackendBrand),
        anydesk=AnyDeskBrand(
            prefix=anydesk.string("prefix"),
            namespace=anydesk.string("namespace"),
            file_windows=anydesk.string("file_windows"),
            file_macos=anydesk.string("file_macos"),
            file_linux=anydesk.string("file_linux"),
            allowed_features=frozenset(anydesk.choices("allowed_features", AnyDeskFeature)),
        ),
        appearance=root.table("appearance").build(AppearanceBrand),
        order_button=root.table("order_button").build(OrderButtonBrand),
        declarations=root.table("declarations").build(DeclarationsBrand),
        texts=root.table("texts").build(TextsBrand),
        consumer=root.table("consumer").build(ConsumerBrand),
        emergency=tuple(
            EmergencyContact(
                kind=entry.choice("kind", ContactKind),
                name=entry.text("name"),
                number=entry.string("number"),
                advice=entry.text("advice"),
            )
            for entry in root.tables("emergency")
        ),
        clocks=ClocksBrand(
            session_seconds=clocks.integer("session_hours") * _HOUR,
            no_connection_seconds=clocks.integer("no_connection_minutes") * _MINUTE,
            reopen_seconds=clocks.integer("reopen_minutes") * _MINUTE,
            presence_seconds=clocks.integer("presence_minutes") * _MINUTE,
            return_seconds=clocks.integer("return_minutes") * _MINUTE,
            presence_answer_seconds=clocks.integer("presence_answer_minutes") * _MINUTE,
        ),
        rights_policy=rights.choice("policy", RightsPolicy),
        retention=root.table("retention").build(RetentionBrand),
        documents=root.table("documents").build(DocumentsBrand),
    )


def missing_for_release(brand: Brand) -> list[str]:
    """Name what a release build still needs, one sentence each; an empty list means that nothing is missing.

    Which keys these are follows from Polish consumer and privacy law (seller's identity, address, phone,
    complaint path, price list, recipients of data) and from the key and program that a release must pin.
    """
    required: tuple[tuple[str, object, str], ...] = (
        ("seller.phone", brand.seller.phone, "customers must be able to call a number they know"),
        ("seller.email", brand.seller.email, "withdrawal and complaints need an address"),
        ("seller.address", brand.seller.address, "the seller's address is owed before the order"),
        ("seller.nip", brand.seller.nip, "the seller must be identified"),
        ("seller.complaints", brand.seller.complaints, "the complaint path is owed before the order"),
        ("privacy.other_recipients", brand.privacy.other_recipients, "the privacy notice owes them"),
        ("backend.url", brand.backend.url, "the program must know where to send the consent"),
        ("backend.root_public_key", brand.backend.root_public_key, "a receipt needs a pinned root"),
        ("anydesk.prefix", brand.anydesk.prefix, "only your own AnyDesk client may be started"),
        ("documents.price", brand.documents.price, "customers accept a price list"),
    )
    missing = [f"{key} is empty: {reason}." for key, value, reason in required if not value]
    if brand.example:
        missing.insert(0, "example is true: invented data must not reach customers.")
    if brand.backend.url and not brand.backend.url.startswith("https://"):
        missing.append("backend.url must begin with https://: personal data travel over it.")
    if brand.seller.nip and not brand.seller.nip.strip("0"):
        missing.append("seller.nip is all zeros: that is an example, not a tax number.")
    return missing
