"""Authenticode on Windows: WinVerifyTrust on the open file, then who signed.

Rule: nothing is shown by the system and nothing is asked; a certificate that AnyDesk's maker lost is refused here by
its number, even where no list of withdrawn certificates can be had.
Sources: learn.microsoft.com, WinVerifyTrust, WINTRUST_DATA, CRYPT_PROVIDER_SGNR, CertGetNameStringW.
"""

from __future__ import annotations

import ctypes
from ctypes import wintypes
from typing import Any, BinaryIO

from client_app.core.anydesk_signature import SignatureFinding, SignatureOutcome
from client_app.core.anydesk_system import HeldFile
from client_app.platforms.windows.libraries import INVALID_HANDLE

MAKER = "AnyDesk Software GmbH"
REFUSED_SIGNERS = frozenset(("philandro Software GmbH",))
REFUSED_SERIALS = frozenset(("0dbf152deaf0b981a8a938d53f769db8",))
"""The certificate that was stolen in 2023 and withdrawn in 2024, and the name that it bears."""

_UI_NONE, _CHOICE_FILE, _VERIFY, _CLOSE = 2, 1, 1, 2
_REVOKE_NONE, _REVOKE_WHOLE_CHAIN = 0, 1
_CHECK_NONE, _CHECK_CHAIN_WITHOUT_ROOT = 0x10, 0x80
_CACHE_ONLY, _DISABLE_MD2_MD4 = 0x1000, 0x2000
_ATTRIBUTE, _ORGANISATION = 3, b"2.5.4.10"

_REVOKED = frozenset((0x800B010C, 0x80092010, 0x800B0111))
_NO_REVOCATION_LIST = frozenset((0x80092013, 0x800B010E, 0x80092012))
_UNSIGNED = frozenset((0x800B0100, 0x800B0001, 0x800B0003))
_INVALID = frozenset(
    (
        0x80096010,  # TRUST_E_BAD_DIGEST: changed after signing
        0x80096004,  # TRUST_E_CERT_SIGNATURE
        0x80096005,  # TRUST_E_TIME_STAMP
        0x80096011,  # TRUST_E_MALFORMED_SIGNATURE
        0x80096019,  # TRUST_E_BASIC_CONSTRAINTS
        0x80092026,  # CRYPT_E_SECURITY_SETTINGS
        0x800B0004,  # TRUST_E_SUBJECT_NOT_TRUSTED
        0x800B0101,  # CERT_E_EXPIRED
        0x800B0103,  # CERT_E_ROLE
        0x800B0106,  # CERT_E_PURPOSE
        0x800B0109,  # CERT_E_UNTRUSTEDROOT
        0x800B010A,  # CERT_E_CHAINING
        0x800B010D,  # CERT_E_UNTRUSTEDTESTROOT
        0x800B0110,  # CERT_E_WRONG_USAGE
    )
)


class Guid(ctypes.Structure):
    """GUID."""

    _fields_ = (
        ("Data1", wintypes.DWORD),
        ("Data2", wintypes.WORD),
        ("Data3", wintypes.WORD),
        ("Data4", ctypes.c_ubyte * 8),
    )


GENERIC_VERIFY = Guid(
    0x00AAC56B, 0xCD44, 0x11D0, (ctypes.c_ubyte * 8)(0x8C, 0xC2, 0x00, 0xC0, 0x4F, 0xC2, 0x95, 0xEE)
)


class FileInfo(ctypes.Structure):
    """WINTRUST_FILE_INFO."""

    _fields_ = (
        ("cbStruct", wintypes.DWORD),
        ("pcwszFilePath", wintypes.LPCWSTR),
        ("hFile", wintypes.HANDLE),
        ("pgKnownSubject", ctypes.c_void_p),
    )


class TrustData(ctypes.Structure):
    """WINTRUST_DATA."""

    _fields_ = (
        ("cbStruct", wintypes.DWORD),
        ("pPolicyCallbackData", ctypes.c_void_p),
        ("pSIPClientData", ctypes.c_void_p),
        ("dwUIChoice", wintypes.DWORD),
        ("fdwRevocationChecks", wintypes.DWORD),
        ("dwUnionChoice", wintypes.DWORD),
        ("pFile", ctypes.POINTER(FileInfo)),
        ("dwStateAction", wintypes.DWORD),
        ("hWVTStateData", ctypes.c_void_p),
        ("pwszURLReference", ctypes.c_void_p),
        ("dwProvFlags", wintypes.DWORD),
        ("dwUIContext", wintypes.DWORD),
        ("pSignatureSettings", ctypes.c_void_p),
    )


class Blob(ctypes.Structure):
    """CRYPT_INTEGER_BLOB: least significant byte first."""

    _fields_ = (("cbData", wintypes.DWORD), ("pbData", ctypes.POINTER(ctypes.c_ubyte)))


class CertInfo(ctypes.Structure):
    """The beginning of CERT_INFO."""

    _fields_ = (("dwVersion", wintypes.DWORD), ("SerialNumber", Blob))


class CertContext(ctypes.Structure):
    """CERT_CONTEXT."""

    _fields_ = (
        ("dwCertEncodingType", wintypes.DWORD),
        ("pbCertEncoded", ctypes.c_void_p),
        ("cbCertEncoded", wintypes.DWORD),
        ("pCertInfo", ctypes.POINTER(CertInfo)),
        ("hCertStore", ctypes.c_void_p),
    )


class ProviderCert(ctypes.Structure):
    """The beginning of CRYPT_PROVIDER_CERT."""

    _fields_ = (("cbStruct", wintypes.DWORD), ("pCert", ctypes.POINTER(CertContext)))


class TrustLibraries:
    """wintrust and crypt32, the system's own when left out; `to_handle` makes a system handle of a Python file."""

    def __init__(self, wintrust: Any = None, crypt32: Any = None, to_handle: Any = None) -> None:
        self.wintrust = wintrust if wintrust is not None else _prepared_trust(_load("wintrust"))
        self.crypt32 = crypt32 if crypt32 is not None else _prepared_crypt(_load("crypt32"))
        self.to_handle = to_handle or _handle_of


class WindowsSignatures:
    """`SignatureChecker` by WinVerifyTrust."""

    maker = MAKER

    def __init__(self, libraries: TrustLibraries | None = None) -> None:
        self._given = libraries

    @property
    def _libraries(self) -> TrustLibraries:
        if self._given is None:
            self._given = TrustLibraries()
        return self._given

    def check(self, file: HeldFile, signer: str, *, online: bool) -> SignatureFinding:
        """Check chain, digest and revocation of the whole chain but its root; then the signer's organisation.

        Online, a missing list of withdrawn certificates gives UNKNOWN. Offline, stored lists are used, and when there
        is none either the rest still counts: `is_revocation_known` is then False.
        """
        if online:
            return self._verify(file, signer, _REVOKE_WHOLE_CHAIN, _CHECK_CHAIN_WITHOUT_ROOT)
        stored = self._verify(file, signer, _REVOKE_WHOLE_CHAIN, _CHECK_CHAIN_WITHOUT_ROOT | _CACHE_ONLY)
        if stored.is_revocation_known:
            return stored
        rest = self._verify(file, signer, _REVOKE_NONE, _CHECK_NONE | _CACHE_ONLY)
        return SignatureFinding(rest.outcome, rest.signer_untrusted, is_revocation_known=False)

    def _verify(self, file: HeldFile, signer: str, revocation: int, flags: int) -> SignatureFinding:
        trust = self._libraries.wintrust
        subject = FileInfo(
            ctypes.sizeof(FileInfo), str(file.path), self._libraries.to_handle(file.stream), None
        )
        data = TrustData(
            cbStruct=ctypes.sizeof(TrustData),
            dwUIChoice=_UI_NONE,
            fdwRevocationChecks=revocation,
            dwUnionChoice=_CHOICE_FILE,
            pFile=ctypes.pointer(subject),
            dwStateAction=_VERIFY,
            dwProvFlags=flags | _DISABLE_MD2_MD4,
        )
        action = Guid.from_buffer_copy(GENERIC_VERIFY)
        code = trust.WinVerifyTrust(INVALID_HANDLE, ctypes.byref(action), ctypes.byref(data)) & 0xFFFFFFFF
        try:
            who, serial = self._who_signed(data.hWVTStateData)
        finally:
            data.dwStateAction = _CLOSE
            trust.WinVerifyTrust(INVALID_HANDLE, ctypes.byref(action), ctypes.byref(data))
        return judge(code, who, serial, signer)

    def _who_signed(self, state: int | None) -> tuple[str, str]:
        """Return the signer's organisation and the certificate's number; "" for what cannot be told."""
        trust = self._libraries.wintrust
        if not state:
            return "", ""
        provider = trust.WTHelperProvDataFromStateData(state)
        first = trust.WTHelperGetProvSignerFromChain(provider, 0, False, 0) if provider else None
        found = trust.WTHelperGetProvCertFromChain(first, 0) if first else None
        if not found or not found.contents.pCert:
            return "", ""
        certificate = found.contents.pCert
        number = certificate.contents.pCertInfo.contents.SerialNumber
        serial = bytes(number.pbData[: number.cbData])[::-1].hex()
        return self._organisation(certificate), serial

    def _organisation(self, certificate: Any) -> str:
        crypt = self._libraries.crypt32
        wanted = ctypes.c_char_p(_ORGANISATION)
        length = crypt.CertGetNameStringW(certificate, _ATTRIBUTE, 0, wanted, None, 0)
        buffer = ctypes.create_unicode_buffer(max(1, length))
        length = crypt.CertGetNameStringW(certificate, _ATTRIBUTE, 0, wanted, buffer, len(buffer))
        # By length, so that a name with a zero inside is not taken for the part before it.
        return "".join(buffer[: max(0, length - 1)])


def judge(code: int, who: str, serial: str, signer: str) -> SignatureFinding:
    """Return what an answer of WinVerifyTrust means.

    Args:
        code: its result, unsigned.
        who: the organisation in the signer's certificate, "" when there is none to be told.
        serial: of that certificate, in lower-case hexadecimal.
        signer: the right organisation, "" when anybody is.
    """
    if serial.lstrip("0") in {one.lstrip("0") for one in REFUSED_SERIALS} or who in REFUSED_SIGNERS:
        return SignatureFinding(SignatureOutcome.REVOKED, who)
    if code in _NO_REVOCATION_LIST:
        return SignatureFinding(SignatureOutcome.UNKNOWN, who, is_revocation_known=False)
    for codes, outcome in (
        (_REVOKED, SignatureOutcome.REVOKED),
        (_UNSIGNED, SignatureOutcome.UNSIGNED),
        (_INVALID, SignatureOutcome.INVALID),
    ):
        if code in codes:
            return SignatureFinding(outcome, who)
    if code != 0:
        return SignatureFinding(SignatureOutcome.UNKNOWN, who)
    is_right = bool(who) and who == signer if signer else True
    return SignatureFinding(SignatureOutcome.VALID if is_right else SignatureOutcome.WRONG_SIGNER, who)


def _load(name: str) -> Any:
    return vars(ctypes)["WinDLL"](name, use_last_error=True)


def _prepared_trust(library: Any) -> Any:
    """Declare what takes or returns a handle or a pointer: without it ctypes cuts them to 32 bits."""
    library.WinVerifyTrust.argtypes = [wintypes.HANDLE, ctypes.POINTER(Guid), ctypes.POINTER(TrustData)]
    library.WinVerifyTrust.restype = ctypes.c_long
    library.WTHelperProvDataFromStateData.argtypes = [ctypes.c_void_p]
    library.WTHelperProvDataFromStateData.restype = ctypes.c_void_p
    library.WTHelperGetProvSignerFromChain.argtypes = [
        ctypes.c_void_p, wintypes.DWORD, wintypes.BOOL, wintypes.DWORD,
    ]  # fmt: skip
    library.WTHelperGetProvSignerFromChain.restype = ctypes.c_void_p
    library.WTHelperGetProvCertFromChain.argtypes = [ctypes.c_void_p, wintypes.DWORD]
    library.WTHelperGetProvCertFromChain.restype = ctypes.POINTER(ProviderCert)
    return library


def _prepared_crypt(library: Any) -> Any:
    library.CertGetNameStringW.argtypes = [
        ctypes.POINTER(CertContext), wintypes.DWORD, wintypes.DWORD, ctypes.c_void_p, wintypes.LPWSTR,
        wintypes.DWORD,
    ]  # fmt: skip
    library.CertGetNameStringW.restype = wintypes.DWORD
    return library


def _handle_of(stream: BinaryIO) -> int:
    import msvcrt

    return int(vars(msvcrt)["get_osfhandle"](stream.fileno()))
