"""Sealing of personal values: authenticated encryption by named algorithm, wrapped data keys, keyed look-up values.

A sealed value says its version, algorithm and key id in front, so that keys and algorithms can be changed while
old values stay readable. Keys live outside the database, behind `KeyRing`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from typing import Literal, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import hmac as slow_hmac
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from youying.kernel.refusals import Refused

Algorithm = Literal["AES-256-GCM", "SM4-GCM", "HMAC-SHA256", "HMAC-SM3"]
DigestName = Literal["SHA-256", "SM3"]
Purpose = Literal["master", "index", "head", "secret"]

KEY_SIZES: dict[Algorithm, int] = {"AES-256-GCM": 32, "SM4-GCM": 16, "HMAC-SHA256": 32, "HMAC-SM3": 32}
_VERSION = 1
_CIPHER_BYTES: dict[Algorithm, int] = {"AES-256-GCM": 1, "SM4-GCM": 2}
_CIPHERS: dict[int, Algorithm] = {byte: name for name, byte in _CIPHER_BYTES.items()}
_NONCE_SIZE = 12
_TAG_SIZE = 16
BLIND_INDEX_SIZE = 16


@dataclass(frozen=True, slots=True)
class Key:
    """One key with its name and the algorithm it is for; the secret never shows in a repr or a log."""

    key_id: str
    algorithm: Algorithm
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if self.algorithm not in KEY_SIZES or len(self.secret) != KEY_SIZES[self.algorithm]:
            raise Refused("key-unfit", say=f"密钥“{self.key_id}”与算法 {self.algorithm} 不相配。")
        if not 1 <= len(self.key_id.encode()) <= 255:
            raise Refused("key-unfit", say="密钥要有名称，不超过255字节。")


class KeyRing(Protocol):
    """Where keys come from: a file, a setting, a hardware module."""

    def current(self, purpose: Purpose) -> Key:
        """The key that new values are sealed, indexed or signed with."""

    def by_id(self, key_id: str) -> Key:
        """Any key still held; refused with `key-unknown` when it is gone."""


def new_key(key_id: str, *, algorithm: Algorithm = "AES-256-GCM") -> Key:
    """A fresh random key."""
    return Key(key_id, algorithm, secrets.token_bytes(KEY_SIZES[algorithm]))


def new_data_key(*, algorithm: Algorithm = "AES-256-GCM") -> Key:
    """A fresh key for the values of one matter or person; destroying its wrapped form erases them."""
    return new_key(secrets.token_hex(4), algorithm=algorithm)


def seal(key: Key, plain: bytes, bound_to: bytes) -> bytes:
    """Encrypt; `bound_to` (table, row, column, say) must be the same to open it, so that a value cannot be moved."""
    if key.algorithm not in _CIPHER_BYTES:
        raise Refused("key-unfit", say=f"密钥“{key.key_id}”不是加密用的。", have=key.algorithm)
    name = key.key_id.encode()
    header = bytes((_VERSION, _CIPHER_BYTES[key.algorithm], len(name))) + name
    nonce = secrets.token_bytes(_NONCE_SIZE)
    return header + nonce + _encrypt(key, nonce, plain, header + bound_to)


def unseal(key: Key, sealed: bytes, bound_to: bytes) -> bytes:
    """Decrypt; refused when the key, the place or the bytes are not the right ones."""
    algorithm, key_id, start = _read_header(sealed)
    if key_id != key.key_id or algorithm != key.algorithm:
        raise Refused("key-wrong", say="这项资料不是用这把密钥封存的。", have=key.key_id, need=key_id)
    nonce, body = sealed[start : start + _NONCE_SIZE], sealed[start + _NONCE_SIZE :]
    if len(body) < _TAG_SIZE:
        raise _damaged()
    try:
        return _decrypt(key, nonce, body, sealed[:start] + bound_to)
    except InvalidTag:
        raise _damaged() from None


def sealed_with(sealed: bytes) -> str:
    """The id of the key a value was sealed with."""
    return _read_header(sealed)[1]


def wrap_data_key(ring: KeyRing, data_key: Key, *, bound_to: bytes) -> bytes:
    """Seal a data key under the current master key, to be stored beside what it opens."""
    inside = bytes((_CIPHER_BYTES[data_key.algorithm], len(data_key.key_id.encode())))
    return seal(ring.current("master"), inside + data_key.key_id.encode() + data_key.secret, b"data-key\0" + bound_to)


def unwrap_data_key(ring: KeyRing, wrapped: bytes, *, bound_to: bytes) -> Key:
    """Open a wrapped data key with whichever master key it was wrapped under."""
    inside = unseal(ring.by_id(sealed_with(wrapped)), wrapped, b"data-key\0" + bound_to)
    end = 2 + inside[1]
    return Key(inside[2:end].decode(), _CIPHERS[inside[0]], inside[end:])


def rewrap_data_key(ring: KeyRing, wrapped: bytes, *, bound_to: bytes) -> bytes:
    """Move a wrapped data key to the current master key; what it opens stays as it is."""
    if sealed_with(wrapped) == ring.current("master").key_id:
        return wrapped
    return wrap_data_key(ring, unwrap_data_key(ring, wrapped, bound_to=bound_to), bound_to=bound_to)


def hmac_of(key: Key, message: bytes) -> bytes:
    """The keyed digest of a message, by the key's algorithm (SHA-256 or SM3), 32 bytes."""
    if key.algorithm == "HMAC-SHA256":
        return hmac.digest(key.secret, message, hashlib.sha256)
    if key.algorithm != "HMAC-SM3":
        raise Refused("key-unfit", say=f"密钥“{key.key_id}”不是签验用的。", have=key.algorithm)
    mac = slow_hmac.HMAC(key.secret, hashes.SM3())
    mac.update(message)
    return mac.finalize()


def blind_index(key: Key, value: str, *, kind: str = "") -> str:
    """A keyed fingerprint (16 bytes in hex) to find an encrypted value by; give it the normal form, and its kind."""
    return hmac_of(key, f"blind-index\0{kind}\0{value}".encode())[:BLIND_INDEX_SIZE].hex()


def digest(message: bytes, algorithm: DigestName = "SHA-256") -> bytes:
    """A plain digest by name."""
    if algorithm == "SHA-256":
        return hashlib.sha256(message).digest()
    running = hashes.Hash(hashes.SM3())
    running.update(message)
    return running.finalize()


def _read_header(sealed: bytes) -> tuple[Algorithm, str, int]:
    """Algorithm, key id and where the nonce begins."""
    if len(sealed) < 3 or sealed[0] != _VERSION or sealed[1] not in _CIPHERS:
        raise _damaged()
    start = 3 + sealed[2]
    try:
        return _CIPHERS[sealed[1]], sealed[3:start].decode(), start
    except UnicodeDecodeError:
        raise _damaged() from None


def _encrypt(key: Key, nonce: bytes, plain: bytes, bound_to: bytes) -> bytes:
    if key.algorithm == "AES-256-GCM":
        return AESGCM(key.secret).encrypt(nonce, plain, bound_to)
    encryptor = Cipher(SM4(key.secret), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(bound_to)
    return encryptor.update(plain) + encryptor.finalize() + encryptor.tag


def _decrypt(key: Key, nonce: bytes, body: bytes, bound_to: bytes) -> bytes:
    if key.algorithm == "AES-256-GCM":
        return AESGCM(key.secret).decrypt(nonce, body, bound_to)
    decryptor = Cipher(SM4(key.secret), modes.GCM(nonce, body[-_TAG_SIZE:])).decryptor()
    decryptor.authenticate_additional_data(bound_to)
    return decryptor.update(body[:-_TAG_SIZE]) + decryptor.finalize()


def _damaged() -> Refused:
    return Refused("seal-broken", say="这项资料打不开：内容被改动过，或不属于这里。请告诉系统管理员。")
