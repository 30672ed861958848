"""Backup and restore: database, uploads and models in one tar; keys only when asked for, encrypted by a password."""

from __future__ import annotations

import io
import json
import secrets
import sqlite3
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from youying.access.models import Account
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import SYSTEM
from youying.record import anchors
from youying.record.actions import accept_shorter
from youying.record.queries import verify
from youying.record.verifying import one_view

FOLDERS = ("uploads", "models")
MANIFEST, DATABASE, KEYS = "manifest.json", "database", "keys.sealed"
PASSWORD_LEAST = 12
FORMAT = 1
Tell = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What a backup holds."""

    files: int
    size_bytes: int
    root: str


def back_up(to: Path, *, password: str = "", tell: Tell = lambda done, total: None) -> Made:
    """Write one tar: written beside its place first, so that a broken backup never bears the name of a whole one."""
    if to.exists():
        raise Refused("backup-exists", say=f"{to} 已经有了，请换个文件名。", have=str(to))
    if password and len(password) < PASSWORD_LEAST:
        raise Refused("password-short", say=f"口令至少{PASSWORD_LEAST}个字。", field="password")
    partial = to.with_name(to.name + ".partial")
    try:
        files, root = _fill(partial, password=password, tell=tell)
        partial.rename(to)
    finally:
        partial.unlink(missing_ok=True)
    tell(1, 1)
    return Made(files, to.stat().st_size, root)


def _fill(partial: Path, *, password: str, tell: Tell) -> tuple[int, str]:
    """Write the whole tar; returns how many files it holds and the root of its record."""
    home = Path(settings.YOUYING_HOME)
    with tarfile.open(partial, "w") as tar:
        report = _keep_database(tar, home)
        files = _keep_files(tar, home, tell=tell)
        if password:
            _add(tar, KEYS, _locked(_keys_tar(home), password))
        manifest = {"format": FORMAT, "vendor": connection.vendor, "made_at": now().isoformat(), "root": report.root,
                    "entries": report.entries, "keys": bool(password), "migrations": _migrations()}  # fmt: skip
        _add(tar, MANIFEST, json.dumps(manifest, ensure_ascii=False).encode())
    return files, report.root


def _keep_database(tar: tarfile.TarFile, home: Path) -> Any:
    """Check the record and dump the database in one view, so that the root is that of the dump while people work on."""
    with one_view(), tempfile.TemporaryDirectory(dir=home) as folder:
        report = verify()
        if not report.ok:
            raise Refused("record-broken", say="留痕校验没有通过，先查明原因再备份：youying record verify。")
        _dump_database(tar, Path(folder))
    anchors.keep()
    return report


def _keep_files(tar: tarfile.TarFile, home: Path, *, tell: Tell) -> int:
    """Keep the files after the database that names them: one that comes meanwhile is one too many, never one too few."""
    found = [path for folder in FOLDERS for path in sorted((home / folder).rglob("*")) if path.is_file()]
    kept = 0
    for n, path in enumerate(found, 1):
        with suppress(FileNotFoundError):  # removed since: erased, or swept as nobody's
            tar.add(path, arcname=str(path.relative_to(home)))
            kept += 1
        tell(n, len(found) + 1)
    return kept


def restore(source: Path, *, password: str = "", accept_older: bool = False) -> str:
    """Restore into an empty home and check the whole record; returns the root, equal to the backup's.

    Where the home's anchor knows more entries than the backup holds, this must be accepted, and is recorded.
    """
    home = Path(settings.YOUYING_HOME)
    with tarfile.open(source) as tar:
        manifest = _manifest(tar)
        _refuse_full_home(home, manifest)
        older = _is_older(manifest, accepted=accept_older)
        if manifest["keys"]:
            _unpack(_unlocked(_read(tar, KEYS), password), home)
        for member in tar.getmembers():
            if member.name.split("/")[0] in FOLDERS:
                tar.extract(member, home, filter="data")
        _load_database(tar, manifest)
    if older:
        accept_shorter(by=SYSTEM, reason="restored")
        anchors.keep(accepting=True)
    report = verify()
    if not report.ok or report.root != manifest["root"]:
        raise Refused(
            "restore-differs",
            say="恢复后的留痕与备份时不一致，请换一份备份重来。",
            have=report.root,
            need=manifest["root"],
        )
    anchors.keep()
    return report.root


def _is_older(manifest: dict[str, Any], *, accepted: bool) -> bool:
    """Whether the home's anchor knows of more than the backup; refused unless that is accepted."""
    held = anchors.held()
    if held is None or manifest["entries"] >= held.entries:
        return False
    if not accepted:
        raise Refused(
            "backup-older",
            say=(
                f"备份里有 {manifest['entries']} 条留痕，这里的锚记着 {held.entries} 条："
                f"备份以后的 {held.entries - manifest['entries']} 条会没有。"
                "确实没有更新的备份，再加 --accept-older；这件事会记入留痕。"
            ),
            have=manifest["entries"],
            need=held.entries,
        )
    return True


def needs_password(source: Path) -> bool:
    """Whether the backup holds encrypted keys."""
    if not source.is_file() or not tarfile.is_tarfile(source):
        raise Refused("not-a-backup", say=f"{source} 不是备份文件。")
    with tarfile.open(source) as tar:
        return bool(_manifest(tar)["keys"])


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    try:
        said: dict[str, Any] = json.loads(_read(tar, MANIFEST))
    except (KeyError, ValueError):
        raise Refused("not-a-backup", say="这不是有应的备份文件，或没有写完。") from None
    if said.get("format") != FORMAT:
        raise Refused("backup-format", say="备份是另一个版本做的，请用那个版本恢复后再升级。", have=said.get("format"))
    return said


def _refuse_full_home(home: Path, manifest: dict[str, Any]) -> None:
    if manifest["vendor"] != connection.vendor:
        say = f"备份来自 {manifest['vendor']}，现在的数据库是 {connection.vendor}，请设好 YOUYING_DATABASE_URL。"
        raise Refused("other-database", say=say)
    full = "access_account" in connection.introspection.table_names() and Account.objects.exists()
    if full or any((home / "uploads").glob("*/*")):
        raise Refused("home-not-empty", say=f"{home} 里已有数据，只能恢复到空的安装。", have=str(home))
    if not manifest["keys"] and not any((home / "keys").glob("*.key")):
        raise Refused("keys-missing", say=f"备份里没有密钥。请先把原来的密钥放到 {home / 'keys'}，再恢复。")


# ------------------------------------------------------------------ the database
def _dump_database(tar: tarfile.TarFile, folder: Path) -> None:
    if connection.vendor == "sqlite":
        copy = folder / "copy.sqlite3"
        connection.ensure_connection()
        with sqlite3.connect(copy) as target:
            connection.connection.backup(target)
        tar.add(copy, arcname=f"{DATABASE}/sqlite3")
        return
    with connection.cursor() as cursor:
        for model in _models():
            part = folder / model._meta.db_table
            with part.open("wb") as file, cursor.copy(f'COPY "{model._meta.db_table}" TO STDOUT') as rows:
                for row in rows:
                    file.write(row)
            tar.add(part, arcname=f"{DATABASE}/{model._meta.db_table}")


def _load_database(tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        connection.close()
        for old in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            old.unlink(missing_ok=True)
        path.write_bytes(_read(tar, f"{DATABASE}/sqlite3"))
        return
    call_command("migrate", verbosity=0, interactive=False)
    if manifest["migrations"] != _migrations():
        raise Refused("other-version", say="备份与现在的程序版本不同，请用同一版本恢复后再升级。")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for model in _models():
            if model._base_manager.exists():
                continue  # what the migrations themselves put there is the same in the backup
            with cursor.copy(f'COPY "{model._meta.db_table}" FROM STDIN') as rows:
                rows.write(_read(tar, f"{DATABASE}/{model._meta.db_table}"))
        for statement in connection.ops.sequence_reset_sql(no_style(), list(_models())):
            cursor.execute(statement)


def _models() -> Iterator[type[Model]]:
    """Every table of ours, and of what we use, many-to-many tables included."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model


def _migrations() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY app, name")
        return [f"{app}.{name}" for app, name in cursor.fetchall()]


# ------------------------------------------------------------------ keys under a password
def _keys_tar(home: Path) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        for path in sorted((home / "keys").glob("*.key")):
            tar.add(path, arcname=f"keys/{path.name}")
        if (home / "signing-secret").exists():  # none where the environment gives the secret: it is kept there
            tar.add(home / "signing-secret", arcname="signing-secret")
    return made.getvalue()


def _derived(password: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(password.encode())


def _locked(plain: bytes, password: str) -> bytes:
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    return salt + nonce + AESGCM(_derived(password, salt)).encrypt(nonce, plain, b"youying keys")


def _unlocked(sealed: bytes, password: str) -> bytes:
    try:
        return AESGCM(_derived(password, sealed[:16])).decrypt(sealed[16:28], sealed[28:], b"youying keys")
    except InvalidTag:
        raise Refused("wrong-password", say="口令不对，密钥打不开。", field="password") from None


def _unpack(plain: bytes, home: Path) -> None:
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        tar.extractall(home, filter="data")


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    tar.addfile(info, io.BytesIO(content))


def _read(tar: tarfile.TarFile, name: str) -> bytes:
    file = tar.extractfile(name)
    if file is None:
        raise KeyError(name)
    return file.read()
