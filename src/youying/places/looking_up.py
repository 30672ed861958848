"""What the words in a table mean: areas by code or name, compounds and buildings by name or alias; reading only."""

from __future__ import annotations

from collections import defaultdict
from typing import TypeVar

from youying.kernel.refusals import Refused
from youying.kernel.tables import plain
from youying.kernel.viewers import Viewer
from youying.places.models import Area, Building, Compound
from youying.places.rules import any_area_code

Found = TypeVar("Found", Area, Compound)


class LookUp:
    """The open places within a viewer's reach, read once for a table."""

    def __init__(self, by: Viewer) -> None:
        self.by = by
        self._areas: dict[str, Area] | None = None
        self._areas_named: dict[str, list[Area]] = {}
        self._compounds_named: dict[str, list[Compound]] | None = None
        self._buildings: dict[int, dict[str, Building]] = {}

    def forget_areas(self) -> None:
        """Read the areas again at the next use; some were just added."""
        self._areas = None

    def areas(self) -> dict[str, Area]:
        """All areas by code."""
        if self._areas is None:
            self._areas = {area.code: area for area in Area.objects.all()}
            self._areas_named = defaultdict(list)
            for area in self._areas.values():
                if self.by.reaches(area.path):
                    self._areas_named[area.name].append(area)
        return self._areas

    def area(self, words: str) -> Area:
        """The area meant by a code or a name."""
        if not words:
            raise Refused("cell-missing", say="缺少“社区代码”。", field="area")
        areas = self.areas()
        found = [areas[code] for code in any_area_code(words) if code in areas] or self._areas_named.get(words, [])
        area = _only(found, words=words, what="区划", field="area")
        self.by.require_reach(area.path)
        if area.closed_at is not None:
            raise Refused("place-closed", say=f"“{area.name}”已停用。", field="area")
        return area

    def parent(self, code: str, *, written: str) -> Area | None:
        """The area above a code: the one written, else the one whose code begins it; none for the top."""
        if written:
            return self.area(written)
        areas = self.areas()
        heads = (code[:length] for length in range(len(code) - 1, 0, -1))
        return next((areas[head] for head in heads if head in areas), None)

    def compound(self, words: str, *, area: str) -> Compound:
        """The compound meant by a name or an alias, in an area where one is given."""
        if self._compounds_named is None:
            self._compounds_named = self._read_compounds()
        found = self._compounds_named.get(words, [])
        if area:
            inside = self.area(area)
            found = [one for one in found if one.area_id == inside.pk]
        return _only(found, words=words, what="小区", field="compound")

    def _read_compounds(self) -> dict[str, list[Compound]]:
        found: dict[str, list[Compound]] = defaultdict(list)
        rows = [row for row in Compound.objects.filter(closed_at__isnull=True) if self.by.reaches(row.path)]
        for row in rows:
            found[row.name].append(row)
        for row in rows:
            for alias in row.aliases:
                if row not in found[alias]:
                    found[alias].append(row)
        return dict(found)

    def building(self, compound: Compound, *, name: str) -> Building:
        """The building of a compound meant by a name or an alias."""
        if compound.pk not in self._buildings:
            rows = list(Building.objects.filter(compound=compound, closed_at__isnull=True))
            by_alias = {alias: row for row in rows for alias in row.aliases}
            self._buildings[compound.pk] = {**by_alias, **{row.name: row for row in rows}}
        building = self._buildings[compound.pk].get(plain(name))
        if building is None:
            raise Refused(
                "building-unknown", say=f"{compound.name}没有“{plain(name)[:40]}”，请先添加楼栋。", field="building"
            )
        return building

    def covered(self, words: str, *, area: Area) -> Compound | Building:
        """What a grid's table means by "杏林小区" or "杏林小区/3号楼", inside the grid's community."""
        name, _, number = words.partition("/")
        compound = self.compound(name.strip(), area=area.code)
        return self.building(compound, name=number) if number else compound


def _only(found: list[Found], *, words: str, what: str, field: str) -> Found:
    if not found:
        raise Refused(
            "place-unknown", say=f"没有叫“{words[:40]}”的{what}，请先添加或核对。", have=words[:80], field=field
        )
    if len(found) > 1:
        raise Refused(
            "place-unclear", say=f"有{len(found)}个{what}叫“{words[:40]}”，请写社区代码。", have=words[:80], field=field
        )
    return found[0]
