"""An edition: merged packs under one digest, the whole of what a street works by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from pydantic import ValidationError

from youying.kernel.refusals import Refused
from youying.packs.compiled import CompiledLoop, choose_loop, compile_loops
from youying.packs.composer import Composed, compose
from youying.packs.schema import Pack
from youying.packs.source import Library, RawPack
from youying.packs.validation import validation_faults

SHOWN_DIGITS = 12


@dataclass(frozen=True)
class Edition:
    """Merged packs, validated, named by the SHA-256 of their canonical JSON.

    `owner` tells for each key which pack said it, `dropped` for each dropped key which pack took it away.
    """

    digest: str
    canonical: str = field(repr=False)
    pack: Pack = field(repr=False, compare=False)
    owner: Mapping[str, str] = field(repr=False, compare=False)
    dropped: Mapping[str, str] = field(repr=False, compare=False)
    english: Mapping[str, str] = field(repr=False, compare=False)
    files: Mapping[str, str] = field(repr=False, compare=False, default_factory=dict)

    def __hash__(self) -> int:
        return hash(self.digest)

    @property
    def short(self) -> str:
        """The first twelve digits, as shown on screen."""
        return self.digest[:SHOWN_DIGITS]

    @property
    def title(self) -> str:
        """The title of the pack it was built from."""
        return self.pack.pack.title

    @cached_property
    def loops(self) -> Mapping[str, CompiledLoop]:
        """All loops, compiled for the engine."""
        return compile_loops(self.pack)

    @cached_property
    def params(self) -> Mapping[str, int | float | str]:
        """The street's numbers by code."""
        return {code: param.value for code, param in self.pack.params.items()}

    def loop_for(self, kind: str, facts: Mapping[str, Any]) -> CompiledLoop:
        """The loop a new matter takes; refused when the edition has none for its kind."""
        loop = choose_loop(self.loops.values(), kind, facts, params=self.params)
        if loop is None:
            raise Refused(
                "loop-missing", say=f"本地机制包里没有“{kind}”这种事项的办理流程。请先采用相应的机制包。", have=kind
            )
        return loop

    def file_of(self, key: str) -> str:
        """The file that says a key (or most of what stands under it)."""
        code = self.owner_of(key)
        return self.files.get(code, f"{code}.toml")

    def owner_of(self, key: str) -> str:
        """The pack that said a key, the nearest key above it, or the edition's own pack."""
        above = key
        while above:
            if above in self.owner:
                return self.owner[above]
            if below := [who for said, who in self.owner.items() if said.startswith(above + ".")]:
                own = self.pack.pack.code
                return own if own in below else below[-1]
            above = above.rpartition(".")[0]
        return self.pack.pack.code


def build_edition(source: str | Sequence[str] | RawPack, lib: Library) -> Edition:
    """Merge, validate and name; refused when packs clash or a word is unknown (the first fault is said).

    It does not lint: what may be adopted is asked of `linter.lint` and `executed.adoptable`.
    """
    composed = compose([source] if isinstance(source, str) else source, lib)
    if composed.clashes:
        say = "".join(clash.say for clash in composed.clashes[:3]) + composed.clashes[0].remedy
        raise Refused("pack-clash", say=say, have=[clash.key for clash in composed.clashes])
    return edition_of(composed)


def edition_of(composed: Composed) -> Edition:
    """The edition of merged packs; refused when the schema does not know a word."""
    try:
        pack = Pack.model_validate(composed.merged)
    except ValidationError as error:
        fault = validation_faults(error, composed)[0]
        raise Refused("pack-word-unknown", say=str(fault), field=fault.key) from None
    canonical = _canonical(composed)
    return Edition(
        digest=_digest(canonical),
        canonical=canonical,
        pack=pack,
        owner=composed.owner,
        dropped=composed.dropped,
        english=composed.english,
        files=composed.files,
    )


def _canonical(composed: Composed) -> str:
    """JSON with the sections in schema order and the rest as written (the order of stages means something)."""
    said = {
        "edition": composed.merged,
        "owner": composed.owner,
        "dropped": composed.dropped,
        "english": composed.english,
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _digest(canonical: str) -> str:
    return hashlib.sha256(canonical.encode()).hexdigest()


@lru_cache(maxsize=64)
def load_edition(canonical: str) -> Edition:
    """Read an edition back from its canonical JSON; equal to the one that was built."""
    said = json.loads(canonical)
    return Edition(
        digest=_digest(canonical),
        canonical=canonical,
        pack=Pack.model_validate(said["edition"]),
        owner=said["owner"],
        dropped=said["dropped"],
        english=said["english"],
    )
