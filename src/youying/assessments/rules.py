"""Scoring: exact shares of figures and sheets, weighed to a hundred, graded in classes; pure rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from youying.kernel.refusals import Refused
from youying.packs.edition import Edition

HUNDRED = Fraction(100)


@dataclass(frozen=True, slots=True)
class Band:
    """A class and the score from which it is reached."""

    at_least: Fraction
    title: str
    then: tuple[str, ...] = ()


DEFAULT_BANDS = (
    Band(Fraction(90), "优秀"),
    Band(Fraction(75), "良好"),
    Band(Fraction(60), "合格"),
    Band(Fraction(0), "待改进"),
)
"""The classes where a pack writes none: people are told apart by class, never by rank."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: where its share comes from, and what it weighs of a hundred."""

    code: str
    title: str
    takes: str
    weight: int


@dataclass(frozen=True, slots=True)
class Terms:
    """One assessment as an edition declares it."""

    code: str
    title: str
    of: str
    lines: tuple[Line, ...]
    bands: tuple[Band, ...]
    objection_to: tuple[str, ...]
    objection_within: str
    publish: str
    edition: str


@dataclass(frozen=True, slots=True)
class Share:
    """What a line takes of somebody: so much of so much; nothing below the line means nothing to assess.

    A figure brings its numerator and denominator, a sheet its points and the points that could be had.
    """

    have: Fraction
    of: Fraction

    @property
    def value(self) -> Fraction | None:
        """The share, never above one; None where there was nothing to assess."""
        return None if self.of <= 0 else min(max(self.have, Fraction(0)) / self.of, Fraction(1))


@dataclass(frozen=True, slots=True)
class Scored:
    """One line worked out: its share, its weight among the lines that could be assessed, its points."""

    line: Line
    share: Share
    weight: Fraction
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Grade:
    """Somebody's score with its working; `score` None where no line could be assessed."""

    score: Fraction | None
    band: Band | None
    lines: tuple[Scored, ...]


def assessments_of(edition: Edition) -> dict[str, Terms]:
    """Every assessment of an edition by code."""
    return {code: terms_of(edition, code) for code in edition.pack.assessment}


def terms_of(edition: Edition, code: str) -> Terms:
    """One assessment of an edition; refused when there is none of that code."""
    said = edition.pack.assessment.get(code)
    if said is None:
        titles = "、".join(one.title for one in edition.pack.assessment.values()) or "没有"
        raise Refused("assessment-unknown", say=f"这里的机制包没有这项考评，现有：{titles}。", have=code[:40])
    bands = tuple(Band(Fraction(str(one.at_least)), one.title, tuple(one.then)) for one in said.bands)
    return Terms(
        code=code,
        title=said.title,
        of=said.of,
        lines=checked_lines([Line(name, one.title, one.takes, one.weight) for name, one in said.lines.items()]),
        bands=tuple(sorted(bands or DEFAULT_BANDS, key=lambda band: -band.at_least)),
        objection_to=tuple(said.objection.to) if said.objection else (),
        objection_within=str(said.objection.within) if said.objection else "",
        publish=said.publish or "",
        edition=edition.digest,
    )


def checked_lines(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of an assessment; refused unless they weigh a hundred together."""
    total = sum(line.weight for line in lines)
    if total != HUNDRED:
        say = f"各行的权重合计是{total}，要正好是100。"
        raise Refused("weights-not-a-hundred", say=say, have=total, need=100)
    return tuple(lines)


def grade(terms: Terms, shares: Mapping[str, Share]) -> Grade:
    """Work out a score of a hundred, exactly.

    A line with nothing to assess is left out and the others weigh in proportion, so that nobody loses or gains by
    what did not happen; with nothing at all there is no score and no class.
    """
    nothing = Share(Fraction(0), Fraction(0))
    held = [(line, shares.get(line.code, nothing)) for line in terms.lines]
    whole = sum((Fraction(line.weight) for line, share in held if share.value is not None), Fraction(0))
    lines = tuple(_scored(line, share, whole) for line, share in held)
    if not whole:
        return Grade(None, None, lines)
    score = sum((one.points for one in lines if one.points is not None), Fraction(0))
    return Grade(score, band_of(terms, score), lines)


def _scored(line: Line, share: Share, whole: Fraction) -> Scored:
    if share.value is None:
        return Scored(line, share, Fraction(0), None)
    weight = HUNDRED * line.weight / whole
    return Scored(line, share, weight, share.value * weight)


def band_of(terms: Terms, score: Fraction) -> Band | None:
    """The class that a score reaches; "以上" includes the number itself (Civil Code 1259)."""
    return next((band for band in terms.bands if score >= band.at_least), None)


def say_score(score: Fraction | None) -> str:
    """A score for a reader, to one place, rounded half up from the exact fraction: "91.7"."""
    if score is None:
        return "本期无数据"
    tenths = (score * 20 + 1) // 2
    return f"{tenths // 10}.{tenths % 10}"
