"""What registers itself is tested and told: acts, executed words, fields of the pack language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from importlib import import_module

from tests.houserules.reading import ROOT, SRC, sources, text_of_tests
from youying.packs import schema
from youying.packs.executed import executed_words
from youying.packs.schema_base import Word
from youying.record.acts import ACTS, ActInfo

CONTEXTS = ROOT / "docs" / "contexts"


def load_all() -> None:
    """Import every module that may register something."""
    for source in sources():
        if source.context not in ("settings", "stories", "cli", "faces"):
            module = source.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
            import_module(f"youying.{module}" if module != "__init__" else "youying")


def acts() -> list[ActInfo]:
    load_all()
    return [info for info in ACTS.values() if info.function.__module__.startswith("youying.")]


def untested(infos: Iterable[ActInfo], tests: str) -> list[str]:
    """Acts that no test calls or names."""
    return [
        info.name
        for info in infos
        if not re.search(rf"\b{re.escape(info.function.__name__)}\b", tests) and f'"{info.name}"' not in tests
    ]


def untold(infos: Iterable[ActInfo], docs: str) -> list[str]:
    """Acts without a line of their own in the docs."""
    return [info.name for info in infos if f"`{info.name}`" not in docs]


def name_of_test(word: str) -> str:
    """The name that the test of an executed word carries: "clock.counting" → "clock_counting"."""
    return re.sub(r"[^a-z0-9]+", "_", word.lower()).strip("_")


def marked(tests: str) -> Iterator[str]:
    """Words that tests claim with `@pytest.mark.word("calendar.week:fri")`."""
    for node in ast.walk(ast.parse(tests)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("mark.word"):
            yield from (argument.value for argument in node.args if isinstance(argument, ast.Constant))


def unproven(words: Iterable[str], tests: str) -> list[str]:
    """Executed words that no test carries, neither in its name nor in its mark."""
    claimed = set(marked(tests))
    named = re.findall(r"def test_(\w+)\(", tests)
    return sorted(word for word in words if word not in claimed and not any(holds(name, word) for name in named))


def holds(name: str, word: str) -> bool:
    return f"_{name_of_test(word)}_" in f"_{name}_"


def undescribed(classes: Iterable[type[Word]]) -> list[str]:
    """Fields of the language without a sentence."""
    return [
        f"{cls.__name__}.{name}"
        for cls in classes
        for name, field in cls.model_fields.items()
        if not (field.description or "").strip()
    ]


def words_of_the_language() -> list[type[Word]]:
    """Every class of the schema, found from the root downwards."""
    found: list[type[Word]] = []
    waiting = list(Word.__subclasses__())
    while waiting:
        cls = waiting.pop()
        found.append(cls)
        waiting += cls.__subclasses__()
    return [cls for cls in found if cls.__module__.startswith("youying.")]


def docs() -> str:
    """What the pages of the contexts say."""
    return "\n".join(path.read_text("utf-8") for path in sorted(CONTEXTS.glob("*.md")))


def test_every_act_has_a_test() -> None:
    assert untested(acts(), text_of_tests()) == []


def test_every_act_has_a_line_in_the_docs() -> None:
    assert untold(acts(), docs()) == []


def test_every_act_says_in_a_sentence_what_it_does() -> None:
    assert [info.name for info in acts() if not info.doc] == []


def test_every_executed_word_has_a_test_named_after_it() -> None:
    load_all()
    assert unproven(executed_words(), text_of_tests()) == []


def test_every_field_of_the_pack_language_is_described() -> None:
    assert schema
    assert len(words_of_the_language()) > 20
    assert undescribed(words_of_the_language()) == []


def test_the_rules_see_an_act_without_test_or_line() -> None:
    def open_door() -> None: ...

    info = ActInfo("doors.open", open_door, "", "Open it.")
    assert untested([info], "def test_x(): close_door()") == ["doors.open"]
    assert untested([info], "def test_x(): open_door()") == []
    assert untold([info], "Nothing about doors.open here") == ["doors.open"]
    assert untold([info], "- `doors.open` opens it") == []


def test_the_rule_sees_a_word_without_its_test() -> None:
    assert unproven(["clock.counting"], "def test_other(): ...") == ["clock.counting"]
    assert unproven(["clock.counting"], "def test_word_clock_counting(): ...") == []
    assert unproven(["clock.counting"], "def test_clock_counting_changes_the_day(x): ...") == []
    assert unproven(["clock.counting"], "@pytest.mark.word('clock.counting')\ndef test_x(): ...") == []
    assert unproven(["clock.count"], "def test_clock_counting(): ...") == ["clock.count"]
    assert SRC.exists()
