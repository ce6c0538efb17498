"""Colours and sizes as tokens, and the stylesheet made of them.

Rule: light and dark are ours with the brand's accent, contrast at least 4.5:1 for text and 3:1 for edges (WCAG 2.2,
1.4.3 and 1.4.11; tests compute it); high contrast takes every colour from the system's palette and adds none.
Needed before the first paint.
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtGui import QColor, QGuiApplication, QPalette

import resources

if TYPE_CHECKING:
    from client_app.core.brand_types import AppearanceBrand


class Scheme(enum.Enum):
    """Families of colours."""

    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


class Tokens(NamedTuple):
    """Everything that the look is made of. Colours are `#rrggbb`; sizes are pixels at 100 %."""

    scheme: Scheme
    scale: float
    window: str
    rail: str
    surface: str
    text: str
    muted: str
    line: str
    hairline: str
    hover: str
    accent: str
    accent_text: str
    accent_soft: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_text: str
    bad_soft: str
    focus: str
    disabled: str

    def px(self, size: float) -> int:
        """Return a size after text scaling."""
        return round(size * self.scale)


TEXT_SCALES = (1.0, 1.15, 1.3)
"""Steps of the text size control."""


SIZES = range(12, 121)
"""Sizes in pixels that the stylesheet may scale."""


def scheme_of(palette: QPalette) -> Scheme:
    """Tell light from dark by the palette alone, which costs nothing before the first paint."""
    text = palette.color(QPalette.ColorRole.WindowText).lightness()
    window = palette.color(QPalette.ColorRole.Window).lightness()
    return Scheme.DARK if text > window else Scheme.LIGHT


def wants_contrast() -> bool:
    """Tell whether the system asks for high contrast; only after the first paint (it loads Qt's enumerations)."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication

    hints = QGuiApplication.styleHints().accessibility()
    return bool(hints.contrastPreference() == Qt.ContrastPreference.HighContrast)


def tokens_for(scheme: Scheme, brand: AppearanceBrand, palette: QPalette, scale: float = 1.0) -> Tokens:
    """Return the tokens of a scheme.

    Args:
        scheme: which family of colours.
        brand: the company's accent colours.
        palette: the system's; used for high contrast only.
        scale: of all text, 1.0 is normal.
    """
    if scheme is Scheme.CONTRAST:
        return _contrast_tokens(palette, scale)
    if scheme is Scheme.DARK:
        return Tokens(
            scheme, scale,
            window="#15191e", rail="#1b2128", surface="#20272f", text="#f3f6f9", muted="#bcc7d2",
            line="#8795a3", hairline="#3a444f", hover="#2b343e",
            accent=brand.dark_accent, accent_text=brand.dark_accent_text,
            accent_soft=mix(brand.dark_accent, "#20272f", 0.16),
            good="#7fd6a0", good_soft="#1d3327", warn="#f5c26b", warn_soft="#382c16",
            bad="#ff9d94", bad_text="#2b0907", bad_soft="#3d2120", focus="#ffffff", disabled="#8e9aa6",
        )  # fmt: skip
    return Tokens(
        scheme, scale,
        window="#f4f6f9", rail="#e8eef5", surface="#ffffff", text="#14202b", muted="#455463",
        line="#76838f", hairline="#cfd8e1", hover="#eef3f8",
        accent=brand.accent, accent_text=brand.accent_text,
        accent_soft=mix(brand.accent, "#ffffff", 0.08),
        good="#17663a", good_soft="#e7f4ec", warn="#7d4600", warn_soft="#fff3dc",
        bad="#a3201b", bad_text="#ffffff", bad_soft="#fdeceb", focus="#14202b", disabled="#6b7782",
    )  # fmt: skip


def palette_for(tokens: Tokens) -> QPalette:
    """Return the system's palette with our colours, for what Qt draws without the stylesheet."""
    role = QPalette.ColorRole
    made = QGuiApplication.palette()
    for wanted, colour in (
        (role.Window, tokens.window),
        (role.WindowText, tokens.text),
        (role.Base, tokens.surface),
        (role.Text, tokens.text),
        (role.Button, tokens.surface),
        (role.ButtonText, tokens.text),
        (role.Mid, tokens.hairline),
        (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.accent_text),
    ):
        made.setColor(wanted, QColor(colour))
    return made


def _contrast_tokens(palette: QPalette, scale: float) -> Tokens:
    role = QPalette.ColorRole
    group = QPalette.ColorGroup.Active

    def name(wanted: QPalette.ColorRole) -> str:
        return palette.color(group, wanted).name()

    window, text = name(role.Window), name(role.WindowText)
    accent, accent_text = name(role.Highlight), name(role.HighlightedText)
    grey = palette.color(QPalette.ColorGroup.Disabled, role.WindowText).name()
    return Tokens(
        Scheme.CONTRAST, scale,
        window=window, rail=window, surface=window, text=text, muted=text, line=text, hairline=text, hover=window,
        accent=accent, accent_text=accent_text, accent_soft=window, good=text, good_soft=window, warn=text,
        warn_soft=window, bad=text, bad_text=window, bad_soft=window, focus=accent,
        disabled=grey if contrast(grey, window) >= 3 else text,
    )  # fmt: skip


def stylesheet(tokens: Tokens) -> str:
    """Return resources/styles/wizard.qss with every `@token` replaced and every `@<number>px` scaled."""
    sheet = resources.text("styles/wizard.qss")
    # Longer names first, so that `@accent` does not eat the head of `@accent_text`. Plain replacing is ten times
    # quicker here than a regular expression, and this runs before the first paint.
    for name in sorted(tokens._fields, key=len, reverse=True):
        sheet = sheet.replace(f"@{name}", str(getattr(tokens, name)))
    for size in SIZES:
        sheet = sheet.replace(f"@{size}px", f"{tokens.px(size)}px")
    return sheet


def mix(colour: str, ground: str, share: float) -> str:
    """Return `share` of a colour laid over a ground."""
    top, below = QColor(colour), QColor(ground)
    parts = (
        round(a * share + b * (1 - share))
        for a, b in ((top.red(), below.red()), (top.green(), below.green()), (top.blue(), below.blue()))
    )
    return "#" + "".join(f"{part:02x}" for part in parts)


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    value = QColor(colour)
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (value.redF(), value.greenF(), value.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
