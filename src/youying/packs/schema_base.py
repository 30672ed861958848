"""The types every section of a pack is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, StringConstraints

from youying.packs import words

DURATION_PATTERN = r"^[1-9]\d{0,5} (minutes|hours|days|months|working-days|office-hours)$"
Duration = Annotated[str, StringConstraints(pattern=DURATION_PATTERN)]
Hours = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$")]
HourOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
DayOfYear = Annotated[str, StringConstraints(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
VoteFraction = Annotated[str, StringConstraints(pattern=r"^(>|>=) [1-9]\d*/[1-9]\d*$|^all$|^none$")]
ShareFraction = Annotated[str, StringConstraints(pattern=r"^[1-9]\d*/[1-9]\d*$")]
PackRef = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*(@[1-9]\d*)?$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Every = Literal["once", "as-called", "day", "week", "fortnight", "month", "quarter", "half-year", "year"]
Tier = Literal["grid", "building", "compound", "community", "town", "county", "city", "province"]
Scalar = bool | int | float | str
Comparison = Literal["at_least", "at_most", "below", "over", "not"]
Test = Scalar | list[Scalar] | dict[Comparison, Scalar | list[Scalar]]
Where = dict[str, Test]

if TYPE_CHECKING:
    Verb: TypeAlias = str
    Kind: TypeAlias = str
    Proof: TypeAlias = str
    LadderWord: TypeAlias = str
    ReasonUse: TypeAlias = str
    OpenFact: TypeAlias = str
    Context: TypeAlias = str
    ScreenWord: TypeAlias = str
else:
    Verb = Literal[tuple(words.VERBS)]
    Kind = Literal[tuple(words.KINDS)]
    Proof = Literal[tuple(words.PROOFS)]
    LadderWord = Literal[tuple(words.LADDER)]
    ReasonUse = Literal[tuple(words.REASON_USES)]
    OpenFact = Literal[tuple(words.OPEN_FACTS)]
    Context = Literal[tuple(words.CONTEXTS)]
    ScreenWord = Literal[tuple(words.SCREEN_WORDS)]


class Word(BaseModel):
    """A table of the language: unknown keys are refused, every field carries its description."""

    model_config = ConfigDict(
        extra="forbid", populate_by_name=True, use_attribute_docstrings=True, frozen=True, strict=True
    )

    whole: ClassVar[bool] = False
    """Whether a table of this kind means one value and is replaced as a whole when packs are merged."""


class WholeWord(Word):
    """A table that means one value: never merged key by key."""

    whole: ClassVar[bool] = True
