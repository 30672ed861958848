"""What people have decided about categories: the letters to learn from, and how often the suggestion was right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, F, Q, QuerySet

from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.matters.models import Matter
from youying.matters.queries.sight import in_place
from youying.text.queries import taxonomy

LETTERS_MOST = 10_000
"""More letters than these newest ones make no better model and cost hours."""
A_YEAR = timedelta(days=365)
ERASED_WORDS = "（个人信息已依规删除）"
"""What stands in the place of words that were erased."""

CHOSEN = Q(category_by__in=("person", "import")) | Q(category_by="reporter", crossed_off=True)
"""Whose choice teaches: an officer's, the history's, and a resident's that has stood to the end; never a machine's."""
TEACHING = CHOSEN & Q(merged_into__isnull=True, excluded="") & ~Q(category="") & ~Q(words=ERASED_WORDS)
"""A merged matter's words stand in the one it was merged into; an excluded one is no example of its category."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What became of the suggestions of one category: chosen by a person all the same, or another one instead."""

    category: str
    kept: int
    changed: int

    @property
    def n(self) -> int:
        """How many were decided."""
        return self.kept + self.changed


@dataclass(frozen=True, slots=True)
class Teaching:
    """What a place has to learn from: letters by category, what people made of suggestions, what machines did alone."""

    letters: dict[str, int]
    agreements: tuple[Agreement, ...]
    left_alone: int

    @property
    def known(self) -> int:
        """How many decided matters there are."""
        return sum(self.letters.values())

    @property
    def kept(self) -> int:
        """How often a person kept the suggestion."""
        return sum(one.kept for one in self.agreements)

    @property
    def decided(self) -> int:
        """How often a person decided where there was a suggestion."""
        return sum(one.n for one in self.agreements)


def teaching(viewer: Viewer, area_path: str) -> Teaching:
    """What the decided matters of a place have to teach; the suggestions are those of the last year."""
    viewer.require("texts")
    viewer.require_reach(area_path)
    return Teaching(letters_by_category(area_path), agreements(area_path), _left_alone(area_path))


def letters_by_category(area_path: str) -> dict[str, int]:
    """How many decided matters of a place there are by category, of categories still in use."""
    rows = _decided(area_path).order_by().values_list("category").annotate(n=Count("pk"))
    return dict(rows.values_list("category", "n"))


def letters(area_path: str, *, most: int = LETTERS_MOST) -> list[tuple[str, str]]:
    """Words and category of the newest decided matters of a place, of categories still in use; for who learns only."""
    return list(_decided(area_path).order_by("-opened_at", "-pk").values_list("words", "category")[:most])


def _decided(area_path: str) -> QuerySet[Matter]:
    return Matter.objects.filter(in_place(area_path), TEACHING, category__in=list(taxonomy().categories))


def agreements(area_path: str) -> tuple[Agreement, ...]:
    """How often people kept or changed what was suggested, by suggested category, the commonest first."""
    decided = _of_the_year(area_path).filter(CHOSEN).exclude(category="")
    kept = Count("pk", filter=Q(category=F("category_guess")))
    rows = decided.values_list("category_guess").annotate(n=Count("pk"), kept=kept).order_by("-n", "category_guess")
    return tuple(Agreement(code, kept, n - kept) for code, n, kept in rows)


def _left_alone(area_path: str) -> int:
    return _of_the_year(area_path).filter(category_by="machine").count()


def _of_the_year(area_path: str) -> QuerySet[Matter]:
    rows = Matter.objects.filter(in_place(area_path), opened_at__gt=now() - A_YEAR)
    return rows.exclude(category_guess="").order_by()
