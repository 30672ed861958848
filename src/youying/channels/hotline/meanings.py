"""What the labels of an export mean in a street: its channels, units, categories and places; what a row becomes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from youying.access.queries import units
from youying.channels.hotline.rules import Fault, Row, plain_title, source_number
from youying.editions.queries import calendar_for, edition_for, param
from youying.kernel.clocks import given_deadline
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters.actions import NeedIn, ReporterIn, Told
from youying.packs.edition import Edition
from youying.places.queries import Place, place_of
from youying.text import keywords
from youying.text.queries import find_place, model_in_use, taxonomy
from youying.text.rules import Decision, Opinion, decide

PLACES_KEPT = 20_000
POLICIES = {"guess": "按正文判断，没把握的留给人", "leave": "空着，由人来定", "make": "按原名新增本地分类"}
"""What becomes of a category that is not known here."""
ALSO_SAID = {
    "satisfaction": {"非常满意": "满意", "很满意": "满意", "非常不满意": "不满意", "很不满意": "不满意"},
    "urgency": {"普通": "一般", "加急": "紧急", "特急": "紧急"},
}
"""Other words for what a pack may list."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One label that the street does not know, how often it stands in the rows looked at, and what a person chose for it."""

    label: str
    count: int
    chosen: str = ""


class Meanings:
    """Resolves the labels of one import; made once a job."""

    def __init__(
        self, viewer: Viewer, area_path: str, *, kind: str, labels: Mapping[str, Any], settings: Mapping[str, Any]
    ) -> None:
        """Read what the street has; refused where it has adopted no pack."""
        viewer.require_reach(area_path)
        self.viewer, self.area_path, self.kind = viewer, area_path, kind
        self.labels, self.settings = labels, settings
        self.edition: Edition = edition_for(area_path)
        pack = self.edition.pack
        self.known: dict[str, dict[str, Any]] = {
            "channel": _both({code: one.title for code, one in pack.channel.items()}),
            "urgency": _both(pack.values.get("urgency", {})),
            "satisfaction": _both(pack.values.get("satisfaction", {})),
            "unit": {plain_title(unit.title): unit.pk for unit in units(viewer)},
        }
        self.known["unit"] |= {plain_title(unit.code): unit.pk for unit in units(viewer)}
        self.threshold = float(param(self.edition, area_path, "text-confidence"))
        self.unknown: dict[str, Counter[str]] = {name: Counter() for name in ("category", *self.known)}
        self.place_of_address = lru_cache(maxsize=PLACES_KEPT)(self._place)

    def value(self, name: str, label: str) -> Any:
        """What a label means; nothing where it is empty or unknown, and then it is counted."""
        if not label:
            return None
        chosen = self.labels.get(name, {}).get(label)
        if chosen and name != "unit":
            return chosen
        if chosen and (unit_id := self.offered_unit(chosen)):
            return unit_id
        plain = plain_title(label)
        plain = plain_title(ALSO_SAID.get(name, {}).get(label, "")) or plain
        found = self.known[name].get(plain)
        if found is None:
            self.unknown[name][label] += 1
        return found

    def offered_unit(self, chosen: Any) -> int | None:
        """The unit that somebody chose for a label, while it is in use and theirs to know; a remembered one may not be."""
        return next((pk for pk in self.known["unit"].values() if str(pk) == str(chosen)), None)

    def refuse_strange_units(self) -> None:
        """Refuse labels that were given to units which are not offered here."""
        said = self.labels.get("unit", {})
        if strange := [label for label, chosen in said.items() if not self.offered_unit(chosen)]:
            say = f"“{'”“'.join(strange[:3])}”选的承办单位不存在、已停用或不归这里管，请从列表里选。"
            raise Refused("unknown-unit", say=say, have=[str(said[label])[:20] for label in strange], field="unit")

    def category(self, row: Row) -> str:
        """The category that a row's labels name here, the finest that is known; empty otherwise."""
        if not row.labels:
            return ""
        label = label_of(row)
        chosen = self.labels.get("category", {}).get(label)
        if chosen:
            return str(chosen)
        codes = _titled(taxonomy())
        found = codes.get(plain_title("".join(row.labels))) or codes.get(plain_title(row.labels[-1])) or ""
        if not found:
            self.unknown["category"][label] += 1
        return found

    def told(self, row: Row) -> Told | list[Fault]:
        """What a row becomes, or what of its labels the street does not have."""
        faults: list[Fault] = []
        channel = self._listed("channel", row, faults) or self.settings.get("channel", "hotline")
        urgency = self._listed("urgency", row, faults) or ""
        satisfaction = self._listed("satisfaction", row, faults) or ""
        texts, moments = row.texts, row.moments
        category, unit_id = self.category(row), self.value("unit", texts["unit"])
        if faults:
            return faults
        place, why = self._where(row)
        need = NeedIn(
            kind=self.kind,
            text=row.words,
            title=row.title,
            channel=channel,
            external_id=source_number(row.number, self.area_path),
            category=category,
            category_why=f"原系统分类：{label_of(row)}"[:120] if row.labels else "",
            category_by="import",
            urgency=urgency,
            reporters=self._reporters(row),
            place_why=why,
            given_due=row.due,
        )
        found = Told(
            need=need,
            place=place,
            at=row.opened_at,
            unit_id=unit_id,
            accepted_at=moments.get("accepted_at"),
            contacted_at=moments.get("contacted_at"),
            done_at=moments.get("done_at"),
            note=texts["note"],
            solved=row.solved,
            satisfaction=satisfaction,
        )
        try:
            self.due_at(found)
        except Refused:  # a day of the file's zone may lie before the report's own day in that place
            return [Fault("due_at", "办理期限早于来电时间（按当地时间算），请核对这两格和所选的时区。")]
        return found

    def due_at(self, told: Told) -> datetime | None:
        """When a row's own target ends: a day at its close of business in that place; refused before the report."""
        given = told.need.given_due
        if given is None:
            return None
        return given_deadline(told.at, given, calendar_for(self.edition, told.place.area_path)).due_at

    def _listed(self, name: str, row: Row, faults: list[Fault]) -> Any:
        label = row.texts[name]
        found = self.value(name, label)
        if label and found is None:
            title = {"channel": "渠道", "urgency": "紧急程度", "satisfaction": "满意程度"}[name]
            say = f"没有“{label[:30]}”这个{title}。请在“对应”页说明它相当于本地的哪一个，或不用这一列。"
            faults.append(Fault(name, say))
        return found

    def _reporters(self, row: Row) -> tuple[ReporterIn, ...]:
        name, phone = row.texts["name"], row.texts["phone"]
        return (ReporterIn(name, phone, protected=row.protected),) if name or phone else ()

    def _where(self, row: Row) -> tuple[Place, str]:
        address = row.texts["address"]
        if row.point is not None:
            place, why = self._at_point(row.point, address), "原系统的经纬度"
            if place is not None:
                return place, why
        return self.place_of_address(address or row.words[:300], bool(address))

    def _at_point(self, point: tuple[float, float], address: str) -> Place | None:
        """The place of a point where it lies in a polygon of ours; else the area, at that point."""
        try:
            found = place_of(point=point, words=address)
            if self._inside(found):
                return found
        except Refused:
            pass
        try:
            return place_of(area_path=self.area_path, point=point, words=address)
        except Refused:
            return None

    def _place(self, said: str, is_address: bool) -> tuple[Place, str]:
        found, why, _ = find_place(said, within=self.area_path)
        words = said if is_address else ""
        if found is not None and self._inside(found):
            return replace(found, words=words or found.words), why.replace("正文", "地址") if is_address else why
        return place_of(area_path=self.area_path, words=words), ""

    def _inside(self, place: Place) -> bool:
        return place.area_path == self.area_path or place.area_path.startswith(self.area_path.rstrip("/") + "/")

    def guess_categories(self, rows: list[Told]) -> list[Told]:
        """Fill in the categories that are still empty from the words, where the guess is sure enough; one pass for all."""
        if self.settings.get("categories", "guess") != "guess":
            return rows
        open_ones = [place for place, told in enumerate(rows) if not told.need.category]
        decided = decide_categories(
            [rows[place].need.text for place in open_ones], threshold=self.threshold, area_path=self.area_path
        )
        rows = list(rows)
        for place, decision in zip(open_ones, decided, strict=True):
            need = rows[place].need
            why = "；".join(part for part in (need.category_why, decision.say) if part)[:120]
            need = replace(need, category=decision.label or "", category_why=why, category_by="machine")
            need = replace(need, category_guess=decision.guess, category_share=decision.share)
            rows[place] = replace(rows[place], need=need)
        return rows


def decide_categories(texts: list[str], *, threshold: float, area_path: str = "") -> list[Decision]:
    """The category of each text by the model in use and by keywords, as one text alone would get it."""
    known, model = taxonomy(), model_in_use(area_path)
    learned = model.predict(texts) if model and texts else [None] * len(texts)
    decisions = []
    for text, guessed in zip(texts, learned, strict=True):
        said = keywords.guess(text, known, most=1)
        spoken = Opinion(said[0].code, said[0].confidence, said[0].evidence) if said else None
        own = Opinion(guessed.label, guessed.confidence) if guessed and guessed.label in known.categories else None
        decisions.append(decide(own, spoken, threshold=threshold))
    return decisions


def label_of(row: Row) -> str:
    """The source's category as one label."""
    return " / ".join(row.labels)[:120]


def _both(named: Mapping[str, Any]) -> dict[str, str]:
    """Code and title, as they are compared, to the code."""
    return {plain_title(said): code for code, title in named.items() for said in (code, str(title))}


def _level(category: Any) -> int:
    return int(category.level)


@lru_cache(maxsize=2)
def _titled(known: Any) -> dict[str, str]:
    """Titles of categories, alone and with those above them, to the code; of equal ones the broadest."""
    found: dict[str, str] = {}

    for one in sorted(known.categories.values(), key=_level):
        for said in (one.title, "".join(part.title for part in known.path(one.code)) if "." in one.code else one.title):
            found.setdefault(plain_title(said), one.code)
    return found
