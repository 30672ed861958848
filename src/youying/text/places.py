"""Places named in free text: which compound, building, road, grid or area, by which words, and how surely."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import ahocorasick

from youying.text.canon import canonical
from youying.text.housenumbers import HouseNumber, building_number, house_numbers

MOST_CHARACTERS = 20_000
KIND_SCORES = {"building": 4.0, "compound": 3.0, "road": 2.0, "grid": 2.0, "area": 1.0}
SHORTENED = {"compound": ("住宅小区", "小区", "家属院"), "area": ("街道办事处", "社区居委会", "村委会")}
SHORTENED_ENDS = {"街道办事处": "街道", "社区居委会": "社区", "村委会": "村"}
FEWEST_CHARACTERS = 2
NEAR_CHARACTERS = 8
SHORT_FORM_SHARE = 0.8
SAME_AREA = 1.5
OWN_AREA = 1.0
NUMBER_BESIDE = 1.0


@dataclass(frozen=True)
class PlaceName:
    """A place of the register with its names; `path` is its place in the tree, ending in "/" or in its own code."""

    kind: str
    id: int | str
    name: str
    aliases: tuple[str, ...] = ()
    path: str = ""


@dataclass(frozen=True)
class Span:
    """Characters of the original text that speak for a place."""

    start: int
    end: int
    words: str


@dataclass(frozen=True)
class PlaceGuess:
    """One place a text may mean; numbers are plain digits, empty where not said."""

    entry: PlaceName
    score: float
    evidence: tuple[Span, ...]
    building_no: str = ""
    entrance_no: str = ""
    room_no: str = ""
    door_no: str = ""


@dataclass(frozen=True)
class _Mention:
    entry: PlaceName
    start: int
    end: int
    share: float


class Gazetteer:
    """All names of a town in one automaton; building it takes milliseconds for thousands of names."""

    def __init__(self, entries: Iterable[PlaceName]) -> None:
        """Learn every name, alias and customary short form."""
        self._names: dict[str, dict[tuple[str, int | str], tuple[PlaceName, float]]] = defaultdict(dict)
        self._buildings: dict[tuple[str, str], PlaceName] = {}
        for entry in entries:
            self._learn(entry)
        self._automaton = ahocorasick.Automaton()
        for name in self._names:
            self._automaton.add_word(name, name)
        if self._names:
            self._automaton.make_automaton()

    def find(self, text: str, *, within: str = "") -> list[PlaceGuess]:
        """Give the places a text may mean, likeliest first; `within` is the path of the office that reads it.

        One name borne by several places gives several guesses; what else the text names, and `within`, may favour one.
        """
        form, origin = _mapped(text[:MOST_CHARACTERS])
        mentions = self._mentions(form)
        numbers = list(house_numbers(form))
        guesses: dict[tuple[str, int | str], PlaceGuess] = {}
        for mention in mentions:
            made = self._guess(mention, mentions, numbers, origin, text, within)
            key = (made.entry.kind, made.entry.id)
            if key not in guesses or _rank(made) < _rank(guesses[key]):
                guesses[key] = made
        return sorted(guesses.values(), key=_rank)

    def _learn(self, entry: PlaceName) -> None:
        number = building_number(canonical(entry.name)) if entry.kind == "building" else ""
        if number:
            self._buildings[(_above(entry.path), number)] = entry
        names = [entry.name, *entry.aliases] if not number else [*entry.aliases]
        for name in names:
            form = canonical(name)
            self._add(form, entry, 1.0)
            for short in _short_forms(form, entry.kind):
                self._add(short, entry, SHORT_FORM_SHARE)

    def _add(self, form: str, entry: PlaceName, share: float) -> None:
        key = (entry.kind, entry.id)
        if len(form) >= FEWEST_CHARACTERS and self._names[form].get(key, (entry, 0.0))[1] < share:
            self._names[form][key] = (entry, share)

    def _mentions(self, form: str) -> list[_Mention]:
        if not self._names:
            return []
        found = [(end - len(name) + 1, end + 1, name) for end, name in self._automaton.iter(form)]
        longest = [span for span in found if not any(_inside(span, other) for other in found)]
        return [
            _Mention(entry, start, end, share)
            for start, end, name in longest
            for entry, share in self._names[name].values()
            if not _cut_number(form, end, name)
        ]

    def _guess(
        self,
        mention: _Mention,
        mentions: Sequence[_Mention],
        numbers: Sequence[HouseNumber],
        origin: Sequence[int],
        text: str,
        within: str,
    ) -> PlaceGuess:
        entry = mention.entry
        score = KIND_SCORES.get(entry.kind, 1.0) * mention.share + min(mention.end - mention.start, 8) * 0.05
        kin = {id(m.entry): m for m in mentions if m.start != mention.start and _related(m.entry.path, entry.path)}
        score += SAME_AREA * bool(kin) + OWN_AREA * bool(within and _below(entry.path, within))
        spans = [(mention.start, mention.end), *((m.start, m.end) for m in kin.values())]
        guess = PlaceGuess(entry, round(score, 3), ())
        number = _number_beside(mention, mentions, numbers)
        if number:
            guess = self._with_number(guess, number)
            spans.append((number.start, number.end))
        return replace(guess, evidence=tuple(_span(a, b, origin, text) for a, b in sorted(set(spans))))

    def _with_number(self, guess: PlaceGuess, number: HouseNumber) -> PlaceGuess:
        """Add what the number says; a building of the register takes the place of its compound."""
        entry = guess.entry
        if entry.kind == "compound":
            entry = self._buildings.get((_bare(entry.path), number.building_no), entry)
        score = guess.score + (NUMBER_BESIDE if entry.kind in {"building", "compound"} else NUMBER_BESIDE / 2)
        return replace(
            guess,
            entry=entry,
            score=round(score, 3),
            building_no=number.building_no,
            entrance_no=number.entrance_no,
            room_no=number.room_no,
            door_no=number.door_no,
        )


def winner(guesses: Sequence[PlaceGuess]) -> PlaceGuess | None:
    """Give the likeliest place, or none where a rival that is not around or inside it stands as high."""
    if not guesses:
        return None
    first = guesses[0]
    rivals = [g for g in guesses[1:] if g.score >= first.score and not _related(g.entry.path, first.entry.path)]
    return None if rivals else first


def _rank(guess: PlaceGuess) -> tuple[float, str, str]:
    return (-guess.score, guess.entry.path, str(guess.entry.id))


def _mapped(text: str) -> tuple[str, list[int]]:
    """Give the canonical form and, for each of its characters, where it stands in the original."""
    signs: list[str] = []
    origin: list[int] = []
    for at, sign in enumerate(text):
        for plain in unicodedata.normalize("NFKC", sign).lower():
            if not plain.isspace():
                signs.append(plain)
                origin.append(at)
    return "".join(signs), origin


def _short_forms(form: str, kind: str) -> list[str]:
    return [
        form.removesuffix(end) + SHORTENED_ENDS.get(end, "")
        for end in SHORTENED.get(kind, ())
        if form.endswith(end) and len(form) - len(end) >= FEWEST_CHARACTERS
    ]


def _inside(span: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    return other[0] <= span[0] and span[1] <= other[1] and (span[0], span[1]) != (other[0], other[1])


def _cut_number(form: str, end: int, name: str) -> bool:
    """A name that ends in a digit must not be the beginning of a longer number."""
    return name[-1].isdigit() and end < len(form) and form[end].isdigit()


def _number_beside(
    mention: _Mention, mentions: Sequence[_Mention], numbers: Sequence[HouseNumber]
) -> HouseNumber | None:
    """Find the number that follows a place closely, with no other place between and of the kind that fits it."""
    if mention.entry.kind not in {"building", "compound", "road"}:
        return None
    for number in numbers:
        if not mention.end <= number.start <= mention.end + NEAR_CHARACTERS:
            continue
        parted = any(mention.end <= other.start < number.start for other in mentions)
        fits = bool(number.door_no) == (mention.entry.kind == "road")
        if fits and not parted:
            return number
    return None


def _span(start: int, end: int, origin: Sequence[int], text: str) -> Span:
    first, last = origin[start], origin[end - 1] + 1
    return Span(first, last, text[first:last])


def _bare(path: str) -> str:
    return path.rstrip("/")


def _above(path: str) -> str:
    return _bare(path).rpartition("/")[0]


def _below(path: str, other: str) -> bool:
    return bool(path) and (_bare(path) + "/").startswith(_bare(other) + "/")


def _related(path: str, other: str) -> bool:
    return path != other and bool(other) and (_below(path, other) or _below(other, path))
