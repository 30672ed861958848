"""The keys of this installation: files in YOUYING_HOME/keys, made at the first start, readable by the owner only.

A file is named `<purpose>-<n>.key` and holds the algorithm and the secret in hex; the highest n is the current key,
older ones stay so that what they sealed can be read. Names: master, index, head, secret.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import cast, get_args

from django.conf import settings

from youying.kernel.refusals import Refused
from youying.kernel.sealing import Algorithm, Key, Purpose, blind_index, new_data_key, new_key

CIPHERS: dict[str, tuple[Algorithm, Algorithm]] = {
    "aes-256-gcm": ("AES-256-GCM", "HMAC-SHA256"),
    "sm4-gcm": ("SM4-GCM", "HMAC-SM3"),
}
PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


class FileKeyRing:
    """Keys in a folder, read again when a key came; another provider need only offer the same three methods."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for purpose in PURPOSES:
            if not any(folder.glob(f"{purpose}-*.key")):
                _make(folder, purpose=purpose, number=1)
        self._read()

    def current(self, purpose: Purpose) -> Key:
        """The key that new values are sealed, indexed or signed with."""
        self._look()
        return self._current[purpose]

    def held(self, purpose: Purpose) -> list[Key]:
        """Every key of a purpose that may have made what is looked for, the current one first."""
        self._look()
        return sorted((key for key in self._keys.values() if _purpose(key) == purpose), key=_number, reverse=True)

    def by_id(self, key_id: str) -> Key:
        """Any key still held; the folder is read again once, for a key that another process has just made."""
        if key_id not in self._keys:
            self._read()
        if key_id not in self._keys:
            raise Refused(
                "key-unknown",
                say=f"密钥“{key_id}”不在密钥文件夹里。请从备份取回，再试一次。",
                have=sorted(self._keys),
                need=key_id,
            )
        return self._keys[key_id]

    def rotate(self, purpose: Purpose) -> Key:
        """Make the next key of a purpose and use it from now on; the old one stays for reading."""
        number = int(self.current(purpose).key_id.rpartition("-")[2]) + 1
        _make(self.folder, purpose=purpose, number=number)
        self._read()
        return self.current(purpose)

    def _look(self) -> None:
        """Read the folder again where a key came or went since: another process may have made the next one."""
        if self.folder.stat().st_mtime_ns != self._seen:
            self._read()

    def _read(self) -> None:
        self._seen = self.folder.stat().st_mtime_ns
        keys = sorted((_load(path) for path in self.folder.glob("*-*.key")), key=_number)
        self._keys = {key.key_id: key for key in keys}
        self._current = {_purpose(key): key for key in keys}


@lru_cache(maxsize=4)
def _ring_in(home: Path | str) -> FileKeyRing:
    return FileKeyRing(Path(home) / "keys")


def ring() -> FileKeyRing:
    """The keys of this installation."""
    return _ring_in(settings.YOUYING_HOME)


def cipher() -> tuple[Algorithm, Algorithm]:
    """The cipher and the keyed digest that the setting YOUYING_CIPHER names."""
    try:
        return CIPHERS[settings.YOUYING_CIPHER]
    except KeyError:
        raise Refused(
            "cipher-unknown",
            say=f"YOUYING_CIPHER 写的是“{settings.YOUYING_CIPHER}”，只能是 {'、'.join(CIPHERS)}。",
            have=settings.YOUYING_CIPHER,
            need=list(CIPHERS),
        ) from None


def fresh_data_key() -> Key:
    """A new data key for one subject, of the installation's cipher."""
    return new_data_key(algorithm=cipher()[0])


def fingerprint(kind: str, normal_form: str) -> str:
    """The fingerprint to store a sealed value's normal form by, under the current key; empty for nothing."""
    return blind_index(ring().current("index"), normal_form, kind=kind) if normal_form else ""


def fingerprints(kind: str, normal_form: str) -> list[str]:
    """All fingerprints that a value may be kept under, one for each key held: the one to store by is the first."""
    return [blind_index(key, normal_form, kind=kind) for key in ring().held("index")] if normal_form else []


def _purpose(key: Key) -> Purpose:
    return cast(Purpose, key.key_id.rpartition("-")[0])


def _number(key: Key) -> int:
    return int(key.key_id.rpartition("-")[2])


def _load(path: Path) -> Key:
    algorithm, _, secret = path.read_text("ascii").strip().partition(" ")
    return Key(path.stem, cast(Algorithm, algorithm), bytes.fromhex(secret))


def _make(folder: Path, *, purpose: Purpose, number: int) -> None:
    """Write the whole file aside, then link it into place: of two processes starting at once, one wins."""
    key = new_key(f"{purpose}-{number}", algorithm=cipher()[0 if purpose == "master" else 1])
    aside = folder / f".{secrets.token_hex(8)}"
    handle = os.open(aside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{key.algorithm} {key.secret.hex()}\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(aside, folder / f"{key.key_id}.key")
    aside.unlink()
