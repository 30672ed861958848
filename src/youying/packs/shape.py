"""How a pack's tables nest: which are merged by name and which mean one value.

Read off the schema, so that a name equal to a reserved word (an act called `merge`) never changes its meaning.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from youying.packs.schema import Pack
from youying.packs.schema_base import Where, Word

KeyPath = tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """The place of one key in the schema.

    `model` is the table's class if it is one; `names` the shape of the entries of a table keyed by free names;
    neither: the key holds one value.
    """

    model: type[Word] | None = None
    fields: Mapping[str, Shape] = field(default_factory=dict)
    names: Shape | None = None
    choices: tuple[str, ...] = ()

    @property
    def merges(self) -> bool:
        """Whether tables at this place are merged key by key."""
        return self.names is not None or (self.model is not None and not self.model.whole)

    def step(self, key: str) -> Shape:
        """The place one key further in."""
        if self.names is not None:
            return self.names
        return self.fields.get(key, VALUE)

    def known(self) -> list[str]:
        """The keys that may stand here."""
        return list(self.fields) or list(self.choices)


VALUE = Shape()


def shape_of(annotation: Any) -> Shape:
    """The shape of a pydantic annotation."""
    annotation = _bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Word):
        return Shape(model=annotation, fields=_fields(annotation))
    if get_origin(annotation) is dict and annotation != Where:
        key, item = get_args(annotation)
        return Shape(names=shape_of(item), choices=get_args(key) if get_origin(key) is Literal else ())
    return VALUE


def _bare(annotation: Any) -> Any:
    """The annotation without Annotated and without "or None"."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        kept = [part for part in get_args(annotation) if part is not type(None)]
        return _bare(kept[0]) if len(kept) == 1 else annotation
    return annotation


def _fields(model: type[Word]) -> dict[str, Shape]:
    return {f.alias or name: shape_of(f.annotation) for name, f in model.model_fields.items()}


PACK_SHAPE = shape_of(Pack)


def place(path: KeyPath) -> Shape:
    """The shape at a key path."""
    here = PACK_SHAPE
    for key in path:
        here = here.step(key)
    return here


def leaves(table: Mapping[str, Any], *, shape: Shape = PACK_SHAPE, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Every key path that holds one value, in the order written; an empty named table is a leaf too."""
    for key, value in table.items():
        inner = shape.step(key)
        if isinstance(value, Mapping) and inner.merges and (value or inner.model is not None):
            yield from leaves(value, shape=inner, path=(*path, key))
        elif not (isinstance(value, Mapping) and not value and inner.names is not None):
            yield (*path, key), value


def put(table: dict[str, Any], path: KeyPath, value: Any) -> None:
    """Write a value at a key path, making the tables on the way."""
    for key in path[:-1]:
        table = table.setdefault(key, {})
    table[path[-1]] = value


def misplaced(table: Mapping[str, Any], *, shape: Shape = PACK_SHAPE, path: KeyPath = ()) -> KeyPath | None:
    """The first key that holds a plain value where the language has a table."""
    for key, value in table.items():
        inner = shape.step(key)
        if inner.merges and not isinstance(value, Mapping):
            return (*path, key)
        if isinstance(value, Mapping) and (found := misplaced(value, shape=inner, path=(*path, key))):
            return found
    return None


def dotted(path: KeyPath) -> str:
    """The path as a person writes it."""
    return ".".join(path)
