"""Secrets handed out and their stored forms: tokens are derived or random, only hashes are kept."""

import hashlib
import hmac
import secrets


def new_token() -> str:
    """Return 256 random bits in hexadecimal."""
    return secrets.token_hex(32)


def stored_form(token: str) -> str:
    """Return what is kept of a token: its SHA-256; 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def case_token(secret: bytes, *, case_id: str, nonce: str) -> str:
    """Return the token of a case for one client.

    Derived, so that a client whose answer was lost gets the same one again although only a hash is stored.
    """
    message = b"pomoc-zdalna/1/case-token\x00" + case_id.encode("ascii") + b"\x00" + nonce.encode("ascii")
    return hmac.new(secret, message, hashlib.sha256).hexdigest()


def keyed_hash(secret: bytes, *parts: str) -> str:
    """Return a keyed hash of short texts (an address), useless without the secret."""
    message = b"pomoc-zdalna/1/limit\x00" + "\x00".join(parts).encode("utf-8", "replace")
    return hmac.new(secret, message, hashlib.sha256).hexdigest()
