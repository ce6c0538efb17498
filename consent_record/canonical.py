"""One sequence of bytes for one value: RFC 8785 (JSON Canonicalization Scheme) and SHA-256 over it."""

import hashlib
import re
from functools import cache
from typing import TypeVar

import msgspec
import msgspec.inspect as info
import rfc8785

from consent_record.errors import MalformedError

T = TypeVar("T")


_SORTED = msgspec.json.Encoder(order="sorted")
_LARGE_INTEGER = re.compile(rb"[:,\[]-?[0-9]{16}")
"""An integer that may be beyond 2**53, which RFC 8785 cannot hold; rfc8785 then decides."""


def canonical_bytes(value: object) -> bytes:
    """Return the RFC 8785 form of a msgspec struct or of plain JSON data.

    Args:
        value: a Struct, or anything that `msgspec.to_builtins` turns into JSON data. Floats are not used
            anywhere in this package; amounts are integers in the currency's smallest unit.

    Raises:
        MalformedError: the value has no canonical form (an integer beyond 2**53, a lone surrogate).
    """
    try:
        if isinstance(value, msgspec.Struct) and _is_plain(type(value)):
            data = _SORTED.encode(value)
            if _LARGE_INTEGER.search(data) is None:
                return data
        return rfc8785.dumps(msgspec.to_builtins(value))
    except (rfc8785.CanonicalizationError, UnicodeEncodeError, TypeError) as error:
        raise MalformedError("canonical.impossible", f"the value has no canonical form: {error}") from error


@cache
def _is_plain(kind: type) -> bool:
    """Tell whether msgspec's own sorted form of a type is the canonical one, forty times faster.

    It is for structs of texts, integers, booleans, enums and sequences of them: names are ASCII, so every order
    of them is the same, and escapes agree (tested against rfc8785). Floats and free mappings are left to rfc8785.
    """
    seen: set[type] = set()
    plain = (info.StrType, info.IntType, info.BoolType, info.NoneType, info.EnumType, info.LiteralType)

    def check(node: info.Type) -> bool:
        if isinstance(node, info.Metadata):
            return check(node.type)
        if isinstance(node, info.StructType):
            if node.cls in seen:
                return True
            seen.add(node.cls)
            return all(f.encode_name.isascii() and check(f.type) for f in node.fields)
        if isinstance(node, info.UnionType):
            return all(check(part) for part in node.types)
        if isinstance(node, info.TupleType):
            return all(check(part) for part in node.item_types)
        if isinstance(node, info.VarTupleType | info.ListType):
            return check(node.item_type)
        return isinstance(node, plain)

    return check(info.type_info(kind))


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def hash_of(value: object) -> str:
    """Return the SHA-256, in hexadecimal, of the canonical form of `value`."""
    return sha256_hex(canonical_bytes(value))


def decode(data_untrusted: bytes, kind: type[T]) -> T:
    """Read JSON into `kind`; unknown fields, wrong types and broken UTF-8 are refused.

    Raises:
        MalformedError: with code `json.syntax` (not JSON or not UTF-8) or `json.shape` (JSON, but not this
            type); the message names the field.
    """
    try:
        return msgspec.json.decode(data_untrusted, type=kind)
    except msgspec.ValidationError as error:
        raise MalformedError("json.shape", str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedError("json.syntax", str(error)) from error


def decode_canonical(data_untrusted: bytes, kind: type[T]) -> T:
    """Read `data_untrusted` as `decode` does and demand that it is exactly the canonical form.

    One trailing newline is allowed, because editors add it. The rule makes every changed byte visible,
    also a changed blank that would not alter the value.

    Raises:
        MalformedError: as `decode`, or code `json.not_canonical`.
    """
    value = decode(data_untrusted, kind)
    if data_untrusted.removesuffix(b"\n") != canonical_bytes(value):
        raise MalformedError(
            "json.not_canonical", "the bytes are not in canonical form (RFC 8785): something was changed"
        )
    return value
