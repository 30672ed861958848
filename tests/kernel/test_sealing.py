"""Sealed values open only with their key and in their place; look-up values find and tell nothing."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from youying.kernel.refusals import Refused
from youying.kernel.sealing import (
    Algorithm,
    Key,
    Purpose,
    blind_index,
    digest,
    hmac_of,
    new_data_key,
    new_key,
    rewrap_data_key,
    seal,
    sealed_with,
    unseal,
    unwrap_data_key,
    wrap_data_key,
)

CIPHERS: list[Algorithm] = ["AES-256-GCM", "SM4-GCM"]
PLAIN = "陈水根，13800000417".encode()


@dataclass
class Ring:
    """Keys in memory, the last added being current."""

    keys: list[Key] = field(default_factory=list)

    def current(self, purpose: Purpose) -> Key:
        return self.keys[-1]

    def by_id(self, key_id: str) -> Key:
        for key in self.keys:
            if key.key_id == key_id:
                return key
        raise Refused("key-unknown", say="没有这把密钥。")


@pytest.mark.parametrize("algorithm", CIPHERS)
def test_a_sealed_value_opens_with_its_key_in_its_place(algorithm: Algorithm) -> None:
    key = new_key("k1", algorithm=algorithm)
    sealed = seal(key, PLAIN, b"person:1:name")
    assert PLAIN not in sealed
    assert sealed_with(sealed) == "k1"
    assert unseal(key, sealed, b"person:1:name") == PLAIN
    assert unseal(key, seal(key, b"", b""), b"") == b""
    assert seal(key, PLAIN, b"person:1:name") != sealed


@pytest.mark.parametrize("algorithm", CIPHERS)
def test_a_value_moved_to_another_row_does_not_open(algorithm: Algorithm) -> None:
    key = new_key("k1", algorithm=algorithm)
    with pytest.raises(Refused, match="seal-broken"):
        unseal(key, seal(key, PLAIN, b"person:1:name"), b"person:2:name")


@pytest.mark.parametrize("algorithm", CIPHERS)
def test_no_single_byte_can_be_changed_or_cut_off(algorithm: Algorithm) -> None:
    key = new_key("k1", algorithm=algorithm)
    sealed = seal(key, PLAIN, b"here")
    for at in range(len(sealed)):
        damaged = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(Refused):
            unseal(key, damaged, b"here")
        with pytest.raises(Refused):
            unseal(key, sealed[:at], b"here")


def test_another_key_of_the_same_name_and_a_key_of_another_name_are_refused() -> None:
    key = new_key("k1")
    sealed = seal(key, PLAIN, b"here")
    with pytest.raises(Refused, match="seal-broken"):
        unseal(new_key("k1"), sealed, b"here")
    with pytest.raises(Refused, match="key-wrong"):
        unseal(new_key("k2"), sealed, b"here")
    with pytest.raises(Refused, match="key-wrong"):
        unseal(new_key("k1", algorithm="SM4-GCM"), sealed, b"here")


def test_a_key_is_refused_for_work_it_is_not_for_and_never_prints_its_secret() -> None:
    key = new_key("k1")
    assert key.secret.hex() not in repr(key)
    assert repr(key.secret) not in repr(key)
    with pytest.raises(Refused, match="key-unfit"):
        Key("k1", "SM4-GCM", bytes(32))
    with pytest.raises(Refused, match="key-unfit"):
        Key("", "SM4-GCM", bytes(16))
    with pytest.raises(Refused, match="key-unfit"):
        hmac_of(key, b"message")
    with pytest.raises(Refused, match="key-unfit"):
        seal(new_key("i1", algorithm="HMAC-SHA256"), PLAIN, b"here")


@pytest.mark.parametrize("master", CIPHERS)
@pytest.mark.parametrize("inner", CIPHERS)
def test_a_data_key_survives_a_change_of_the_master_key_and_its_algorithm(master: Algorithm, inner: Algorithm) -> None:
    ring = Ring([new_key("m1", algorithm="AES-256-GCM")])
    data_key = new_data_key(algorithm=inner)
    sealed = seal(data_key, PLAIN, b"matter:1")
    wrapped = wrap_data_key(ring, data_key, bound_to=b"matter:1")
    assert rewrap_data_key(ring, wrapped, bound_to=b"matter:1") == wrapped
    ring.keys.append(new_key("m2", algorithm=master))
    moved = rewrap_data_key(ring, wrapped, bound_to=b"matter:1")
    assert (sealed_with(wrapped), sealed_with(moved)) == ("m1", "m2")
    del ring.keys[0]
    assert unseal(unwrap_data_key(ring, moved, bound_to=b"matter:1"), sealed, b"matter:1") == PLAIN
    with pytest.raises(Refused, match="key-unknown"):
        unwrap_data_key(ring, wrapped, bound_to=b"matter:1")
    with pytest.raises(Refused, match="seal-broken"):
        unwrap_data_key(ring, moved, bound_to=b"matter:2")


@pytest.mark.parametrize("algorithm", ["HMAC-SHA256", "HMAC-SM3"])
def test_a_blind_index_is_steady_and_depends_on_key_value_and_kind(algorithm: Algorithm) -> None:
    key = new_key("i1", algorithm=algorithm)
    index = blind_index(key, "13800000417", kind="phone")
    assert index == blind_index(key, "13800000417", kind="phone")
    assert len(bytes.fromhex(index)) == 16
    assert index != blind_index(key, "13800000418", kind="phone")
    assert index != blind_index(key, "13800000417", kind="id_number")
    assert index != blind_index(new_key("i1", algorithm=algorithm), "13800000417", kind="phone")


def test_keyed_digests_are_the_published_ones() -> None:
    """RFC 4231 test case 1 padded key: 20 bytes of 0b, zero-filled as HMAC itself fills it."""
    key = Key("h", "HMAC-SHA256", b"\x0b" * 20 + bytes(12))
    assert hmac_of(key, b"Hi There").hex() == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"


def test_sm3_gives_the_examples_of_the_standard() -> None:
    """GB/T 32905-2016 annex A."""
    assert digest(b"abc", "SM3").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert digest(b"abcd" * 16, "SM3").hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"
    assert digest(b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_what_is_sealed_under_sm4_opens_with_plain_sm4_gcm() -> None:
    """What we seal opens with plain SM4-GCM (RFC 8998): header as additional data, nonce, ciphertext, tag."""
    secret = bytes.fromhex("0123456789abcdeffedcba9876543210")
    sealed_here = seal(Key("k", "SM4-GCM", secret), PLAIN, b"x")
    nonce, body = sealed_here[4:16], sealed_here[16:]
    opener = Cipher(SM4(secret), modes.GCM(nonce, body[-16:])).decryptor()
    opener.authenticate_additional_data(sealed_here[:4] + b"x")
    assert opener.update(body[:-16]) + opener.finalize() == PLAIN


def test_the_library_under_us_computes_sm3_and_sm4_as_the_conformance_kit_says() -> None:
    folder = os.environ.get("YOUYING_CONFORMANCE")
    if not folder or not Path(folder).is_dir():
        pytest.skip("YOUYING_CONFORMANCE names no folder: the kit is not here")
    kit = json.loads((Path(folder) / "vectors.json").read_text("utf-8"))
    for case in kit["sm3"]["cases"]:
        assert digest(bytes.fromhex(case["message_hex"]), "SM3").hex() == case["digest"]
    for case in kit["sm4_ecb"]["cases"]:
        encryptor = Cipher(SM4(bytes.fromhex(case["key"])), modes.ECB()).encryptor()
        block = bytes.fromhex(case["plain"])
        for _ in range(case["rounds"]):
            block = encryptor.update(block)
        assert block.hex() == case["cipher"]
