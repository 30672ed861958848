"""Which words of the language the program executes; what is said and not executed keeps an edition from adoption."""

from __future__ import annotations

from collections.abc import Mapping

from youying.kernel.refusals import Refused
from youying.packs.edition import Edition
from youying.packs.faults import Fault, nearest
from youying.packs.linter import lint
from youying.packs.said import said, vocabulary

_REGISTERED: dict[str, set[str]] = {}


def executes(context: str, *words: str) -> None:
    """A context registers the words that it executes, written as `words_said` writes them.

    Refused when the language has no such word, so that a registration cannot rot.
    """
    for word in words:
        if word not in vocabulary():
            near = nearest(word, vocabulary())
            say = f"{context} 登记了语言里没有的词“{word}”" + (f"，最接近的是“{near}”。" if near else "。")
            raise Refused("word-unknown", say=say, have=word, need=near)
    for word in words:
        _REGISTERED.setdefault(word, set()).add(context)


def executed_words() -> Mapping[str, frozenset[str]]:
    """Every registered word with the contexts that execute it."""
    return {word: frozenset(contexts) for word, contexts in _REGISTERED.items()}


def words_said(edition: Edition) -> set[str]:
    """Every word of the language that an edition uses (titles and explanations say nothing to execute)."""
    return set(said(edition.pack))


def not_executed(edition: Edition) -> dict[str, list[str]]:
    """The words said but executed by nobody yet, each with the keys that say it."""
    return {word: keys for word, keys in sorted(said(edition.pack).items()) if word not in _REGISTERED}


def adoptable(edition: Edition) -> list[Fault]:
    """What stands between an edition and its adoption: the linter's faults, the floors', and words not executed."""
    waiting = [
        Fault(
            code="E01",
            file=edition.file_of(keys[0]),
            key=keys[0],
            say=f"“{word}”程序还不执行。",
            remedy="可以先读；要采用，请在本地包里用 drop 去掉用到它的部分。",
        )
        for word, keys in not_executed(edition).items()
    ]
    return [*lint(edition), *waiting]
