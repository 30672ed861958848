"""Pack files as written: reading them, the library, and writing one back as TOML."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from youying.kernel.refusals import Refused
from youying.packs.shape import dotted, misplaced, put

LIBRARY_FOLDER = Path(__file__).parent / "library"


@dataclass(frozen=True)
class RawPack:
    """One pack file: its table as written, the file's name, English titles and directory rows standing beside it."""

    table: Mapping[str, Any]
    file: str
    english: Mapping[str, str] = field(default_factory=dict)
    directory: tuple[Mapping[str, str], ...] = ()

    @property
    def head(self) -> Mapping[str, Any]:
        """The table `[pack]`."""
        head: Mapping[str, Any] = self.table["pack"]
        return head

    @property
    def code(self) -> str:
        """The pack's code."""
        return str(self.head["code"])

    @property
    def parents(self) -> list[str]:
        """Codes of the packs it extends, without versions."""
        return [text.partition("@")[0] for text in self.head.get("extends", [])]

    @property
    def dropped(self) -> list[str]:
        """The keys it takes away."""
        return list(self.head.get("drop", []))


Library = Mapping[str, RawPack]


def parse_pack(text: str, *, file: str) -> RawPack:
    """Read one pack from its text; refused when it is not TOML or has no head."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused("pack-not-toml", say=f"{file} 不是合法的 TOML：{error}。请检查引号、括号和等号。") from None
    return pack_of(table, file=file)


def pack_of(table: Mapping[str, Any], *, file: str) -> RawPack:
    """A raw pack from a table already read; refused without `[pack]` and a code."""
    head = table.get("pack")
    if not isinstance(head, Mapping) or not isinstance(head.get("code"), str):
        raise Refused(
            "pack-without-head", say=f"{file} 缺少包头。请在开头写 [pack]，并写明 code 和 title。", field="pack"
        )
    if wrong := misplaced(table):
        key = dotted(wrong)
        raise Refused("pack-not-a-table", say=f"{file} 的 {key} 应是一张表。请写成 [{key}]。", field=key)
    bad = [key for key in ("extends", "drop") if not _is_text_list(head.get(key, []))]
    if bad:
        raise Refused(
            "pack-head-wrong", say=f'{file} 的 pack.{bad[0]} 应是文字列表。请写成 ["base@1"] 的样子。', field=bad[0]
        )
    return RawPack(table=table, file=file)


def _is_text_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def read_pack(path: Path) -> RawPack:
    """Read a pack file with what stands beside it: `<code>.en.toml` and the directory's CSV."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise Refused("pack-not-utf8", say=f"{path.name} 不是 UTF-8 编码。请另存为 UTF-8 再试。") from None
    raw = parse_pack(text, file=path.name)
    return replace(raw, english=_english(path), directory=_directory(path, raw))


def library(folder: Path = LIBRARY_FOLDER) -> dict[str, RawPack]:
    """All packs of a folder by code; refused when two files say the same code."""
    found: dict[str, RawPack] = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name.endswith(".en.toml"):
            continue
        raw = read_pack(path)
        if raw.code in found:
            other = found[raw.code].file
            raise Refused("pack-code-twice", say=f"{other} 和 {raw.file} 的代码都是 {raw.code}。请改其中一个。")
        found[raw.code] = raw
    return found


def _english(path: Path) -> dict[str, str]:
    beside = path.with_name(f"{path.stem}.en.toml")
    if not beside.exists():
        return {}
    return dict(_titles(tomllib.loads(beside.read_text("utf-8")), ""))


def _titles(table: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        here = f"{path}.{key}" if path else key
        if isinstance(value, Mapping):
            yield from _titles(value, here)
        else:
            yield here, str(value)


def _directory(path: Path, raw: RawPack) -> tuple[Mapping[str, str], ...]:
    section = raw.table.get("directory")
    name = section.get("file") if isinstance(section, Mapping) else None
    beside = path.with_name(str(name)) if name else None
    if beside is None or not beside.exists():
        return ()
    with beside.open(encoding="utf-8-sig", newline="") as lines:
        return tuple(csv.DictReader(lines))


def with_value(raw: RawPack, *, key: str, value: Any) -> RawPack:
    """The same pack with one key changed; the key is dotted, as in a fault or a change; refused for a table's place."""
    table = _copy(raw.table)
    put(table, tuple(key.split(".")), value)
    return replace(raw, table=pack_of(table, file=raw.file).table)


def _copy(table: Any) -> Any:
    if isinstance(table, Mapping):
        return {key: _copy(value) for key, value in table.items()}
    return list(table) if isinstance(table, list) else table


def to_toml(raw: RawPack) -> str:
    """The pack as TOML text that reads back to the same table (comments are not kept)."""
    lines: list[str] = []
    for section, table in raw.table.items():
        _write(lines, (section,), table)
    return "\n".join(lines).strip() + "\n"


def _write(lines: list[str], path: tuple[str, ...], table: Mapping[str, Any]) -> None:
    deep = len(path) == 1 and all(isinstance(value, Mapping) for value in table.values())
    plain = {key: value for key, value in table.items() if not isinstance(value, Mapping)}
    if plain or not deep or not table:
        lines.append(f"\n[{'.'.join(map(_key, path))}]")
        lines.extend(f"{_key(key)} = {_inline(value)}" for key, value in plain.items())
    for key, value in table.items():
        if isinstance(value, Mapping):
            _write_table(lines, (*path, key), value)


def _write_table(lines: list[str], path: tuple[str, ...], table: Mapping[str, Any]) -> None:
    if len(path) < 3:
        _write(lines, path, table)
        return
    lines.append(f"\n[{'.'.join(map(_key, path))}]")
    lines.extend(f"{_key(key)} = {_inline(value)}" for key, value in table.items())


def _key(name: str) -> str:
    return name if name.replace("-", "").replace("_", "").isalnum() and name.isascii() else _text(name)


def _inline(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(key)} = {_inline(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return repr(value)


_ESCAPES = {ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\t"): "\\t", ord("\r"): "\\r"}


def _text(value: str) -> str:
    return '"' + value.translate(_ESCAPES) + '"'
