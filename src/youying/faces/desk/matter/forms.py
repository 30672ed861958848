"""The form of every step, built from what the step needs: one table by need, one by verb, one by house act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from youying.editions.queries import edition_for
from youying.faces.desk.matter import calling, choices, higher, offering, parting
from youying.faces.desk.matter.choices import (
    category_options,
    directory_says,
    lead_options,
    likely_guess,
    reasons,
    suggested_unit,
    takers,
)
from youying.faces.desk.matter.frames import PACK_PERIOD, Field, Frame
from youying.faces.shared.house_words import told, told_each
from youying.faces.shared.words import moment
from youying.kernel.durations import in_words, parse_duration
from youying.matters import house_rules, queries, rules
from youying.matters.directory_rules import urgency_of
from youying.matters.given_rules import WAYS
from youying.matters.need_rules import SAID_ON_THE_SPOT
from youying.matters.parking_rules import KEEP, RESULTS
from youying.places.placing import Place
from youying.text.queries import category_title

Fields = Callable[[Frame], list[Field]]


def fields_of(frame: Frame) -> list[Field]:
    """Every field of a step's form, each once, what is needed before what may be left out.

    The category stands before the unit, which the directory suggests by it.
    """
    needs = sorted(frame.possible.needs, key=lambda word: word != "category")
    makers: list[Fields] = [calling.given_up]
    makers += [NEEDS[word] for word in needs if word in NEEDS]
    table = HOUSE if frame.possible.house else VERBS
    makers += [table[frame.possible.verb]] if frame.possible.verb in table else []
    makers += [parting.fields]
    makers += [_sheets] if frame.step and frame.step.sheet and "sheet" not in needs else []
    found: dict[str, Field] = {}
    for make in makers:
        for one in make(frame):
            found.setdefault(one.name, one)
    return list(found.values())


def _urgencies(frame: Frame) -> tuple[tuple[str, str], ...]:
    return tuple(frame.edition.pack.values.get("urgency", {}).items())


# ------------------------------------------------------------------ by need
def _unit(frame: Frame) -> list[Field]:
    if calling.is_whistle(frame):
        return calling.summoned(frame)
    units, pk, hint = suggested_unit(frame, takers(frame))
    helpers = tuple((unit.id, unit.title) for unit in units)
    return [
        Field("unit", "select", _("主办单位"), hint=hint, options=lead_options(units), value=str(pk or "")),
        Field("joint", "many", _("协办单位"), needed=False, options=helpers),
    ]


def _category(frame: Frame) -> list[Field]:
    matter = frame.matter
    hint = ""
    if matter.category_guess and not matter.category:
        said = {"title": category_title(matter.category_guess, short=True), "share": matter.category_share}
        hint = _("建议“%(title)s”，把握 %(share)s%%，由您来定") % said
    value = matter.category or likely_guess(matter)
    return [Field("category", "category", _("事项分类"), hint=hint, options=category_options(), value=value)]


def _due(frame: Frame) -> list[Field]:
    if frame.step and queries.takes_promise(frame.edition, frame.step):
        return [Field("due_at", "moment", _("缺的材料最晚哪天补齐"), hint=_("要晚于现在"))]
    return [Field("due_at", "moment", _("办理期限"), hint=_("要晚于现在"))]


def _reason(frame: Frame) -> list[Field]:
    allowed = rules.reasons_for(frame.edition, frame.step) if frame.step else {}
    return [Field("reason", "radios", _("理由"), options=reasons(allowed))]


def _note(frame: Frame) -> list[Field]:
    return [Field("note", "area", _("情况说明"))]


def _scheme(frame: Frame) -> list[Field]:
    return [Field("scheme", "area", _("方案"), hint=_("怎么办、谁来办、什么时候见效"))]


def _photo(frame: Frame) -> list[Field]:
    done = frame.possible.verb == "complete"
    return [Field("uploads", "photos", _("办好以后的照片") if done else _("现场照片"))]


def _attempts(frame: Frame) -> list[Field]:
    return [
        Field("way", "radios", _("怎么联系的？"), options=tuple(WAYS.items())),
        Field("reached", "yes-no", _("联系上了吗？"), options=(("yes", _("联系上了")), ("no", _("没联系上")))),
    ]


def _before_after(frame: Frame) -> list[Field]:
    before = not frame.matter.photo_count
    return [Field("before", "photos", _("办理前的照片"), needed=before), Field("after", "photos", _("办好以后的照片"))]


def _place(frame: Frame) -> list[Field]:
    known = frame.matter.compound_id is not None or frame.matter.longitude is not None
    there = frame.possible.verb in SAID_ON_THE_SPOT
    return [Field("place", "text", _("地点"), needed=there or not known, hint=_("在哪儿，写到能找着"))]


def _signature(frame: Frame) -> list[Field]:
    return [Field("signature", "signature", _("签字"))]


def _papers(frame: Frame) -> list[Field]:
    """The loop's own sheet; of a loop without one, files."""
    return _sheets(frame) if frame.loop.sheet else [Field("uploads", "files", _("材料"))]


def _sheets(frame: Frame) -> list[Field]:
    """One part of the form for each sheet that the step asks for and that is not whole."""
    asked = queries.asked_sheets(frame.matter, frame.step) if frame.step else []
    judged = queries.may_be_judged(frame.matter, asked)
    whom = [Field("judged", "select", _("评的是哪一家？"), options=tuple(judged))] if judged else []
    return [*whom, *(Field(f"sheet:{one.code}", "sheet", one.title, options=(one,)) for one in asked)]


NEEDS: dict[str, Fields] = {
    "unit": _unit,
    "category": _category,
    "due": _due,
    "reason": _reason,
    "note": _note,
    "scheme": _scheme,
    "photo": _photo,
    "attempts": _attempts,
    "session": higher.session,
    "offer": offering.offer,
    "person": calling.person,
    "before-after": _before_after,
    "place": _place,
    "signature": _signature,
    "papers": _papers,
    "sheet": _sheets,
}


# ------------------------------------------------------------------ by verb
def _dispatch(frame: Frame) -> list[Field]:
    said = directory_says(frame)
    value = frame.matter.urgency or urgency_of(said, frame.edition.pack.values.get("urgency", {}))
    urgency = Field("urgency", "select", _("紧急程度"), needed=False, options=_urgencies(frame), value=value)
    return [urgency, *_period(said), Field("note", "area", _("交代几句"), needed=False)]


def _period(said: Any) -> list[Field]:
    """The directory's period of completion, which the dispatcher may leave aside."""
    if said is None or not said.within:
        return []
    words = in_words(parse_duration(said.within), lang=get_language() or "zh")
    options = ((said.within, words), (PACK_PERIOD, _("按机制包的规定")))
    hint = _("派单目录写的；可以改")
    return [Field("within", "period", _("办结期限"), needed=False, hint=hint, options=options, value=said.within)]


def _judge(frame: Frame) -> list[Field]:
    grades = tuple(frame.edition.pack.values.get("class", {}).items())
    return [Field("grade", "select", _("类别"), needed=False, options=grades)] if grades else []


def _complete(frame: Frame) -> list[Field]:
    return [Field("before", "photos", _("办理前的照片"), needed=False)]


def _call_back(frame: Frame) -> list[Field]:
    also = [one for one in _verdict(frame) if one.name != "reporter"] if frame.may_also("verdict") else []
    revealed = [Field(f.name, f.kind, f.label, f.needed, f.hint, f.options, reveal="#reached-yes") for f in also]
    note = Field("note", "area", _("记几句"), needed=False)
    return [*_asked(frame), *_attempts(frame), *revealed, note]


def _asked(frame: Frame) -> list[Field]:
    """Of several reporters, the one who is asked, each with the word they gave already."""
    if frame.matter.reporter_count <= 1:
        return []
    known = queries.reporters(frame.viewer, frame.matter)
    options = tuple((one.id, f"{one.name}·{one.phone}（{one.answer or _('还没说')}）") for one in known)
    return [Field("reporter", "select", _("问的是哪一位？"), options=options)] if len(known) > 1 else []


def _verdict(frame: Frame) -> list[Field]:
    satisfied = tuple(frame.edition.pack.values.get("satisfaction", {}).items())
    return [
        *_asked(frame),
        Field("contacted", "yes-no", _("承办单位联系过居民吗？"), needed=False, options=_yes_no()),
        Field("solved", "yes-no", _("居民说解决了吗？"), options=(("yes", _("解决了")), ("no", _("没解决")))),
        Field("satisfaction", "radios", _("居民满意吗？"), options=satisfied),
        Field("words", "area", _("居民的原话"), needed=False, hint=_("没解决的，写明哪儿没解决")),
    ]


def _yes_no() -> tuple[tuple[str, str], ...]:
    return (("yes", _("联系过")), ("no", _("没有")))


def _merge(frame: Frame) -> list[Field]:
    matter = frame.matter
    place = Place(matter.area_path, compound_id=matter.compound_id, place_path=matter.place_path)
    alike = queries.similar(frame.viewer, matter.words, place=place, category=matter.category, skip=matter.pk)
    same = [one for one in alike if one.matter.kind == matter.kind]
    offered = tuple((one.matter.number, f"{one.matter.number} {one.matter.title}（{one.why}）") for one in same)
    listed = [Field("into", "radios", _("说的是同一件的"), needed=False, options=offered)] if offered else []
    return [
        *listed,
        Field(
            "into_number",
            "text",
            _("并入的编号"),
            needed=not offered,
            hint="" if not offered else _("不在上面就写编号"),
        ),
        Field("note", "area", _("记几句"), needed=False),
    ]


def _step(frame: Frame) -> list[Field]:
    """Photos; and where the step makes a clock stand still, the day on which it goes on by itself."""
    holds = frame.step is not None and any(frame.step.id in clock.pause for clock in frame.loop.clocks.values())
    hint = _("不填就等事情办成了再恢复")
    until = [Field("due_at", "moment", _("什么时候恢复"), needed=False, hint=hint)] if holds else []
    return [*until, Field("uploads", "photos", _("照片"), needed=False)]


def _words_only(frame: Frame) -> list[Field]:
    return [Field("note", "area", _("记几句"), needed=False)]


VERBS: dict[str, Fields] = {
    "report-in": calling.report_in,
    "dispatch": _dispatch,
    "judge": _judge,
    "complete": _complete,
    "deliver": lambda frame: [Field("uploads", "photos", _("照片"), needed=False)],
    "call-back": _call_back,
    "verdict": _verdict,
    "supervise": higher.supervise,
    "recheck": higher.recheck,
    "escalate": _words_only,
    "merge": _merge,
    "meet": lambda frame: [Field("uploads", "photos", _("现场照片"), needed=False)],
    "step": _step,
    "hand-back": choices.sent_back,
    "object": choices.sent_back,
    "unpark": _words_only,
    "urge": _words_only,
}


# ------------------------------------------------------------------ by house act
def _add(frame: Frame) -> list[Field]:
    return [
        Field("words", "area", _("要记下的话")),
        Field("uploads", "photos", _("照片"), needed=False),
    ]


def _correct(frame: Frame) -> list[Field]:
    matter = frame.matter
    return [
        Field("title", "text", _("标题"), needed=False, value=matter.title),
        Field("category", "select", _("事项分类"), needed=False, options=category_options(), value=matter.category),
        Field("urgency", "select", _("紧急程度"), needed=False, options=_urgencies(frame), value=matter.urgency),
        Field("note", "area", _("为什么更正"), needed=False, hint=_("超期以后改期限，一定要写明")),
    ]


def _split(frame: Frame) -> list[Field]:
    return [
        Field("words", "area", _("拆出来的那件事")),
        Field("category", "select", _("事项分类"), needed=False, options=category_options()),
    ]


def _ask_extension(frame: Frame) -> list[Field]:
    running = queries.extendable(frame.viewer, frame.matter)
    offered = tuple((one.code, _may_last(one)) for one in running)
    allowed = reasons(rules.reasons_that(frame.edition, "extend"))
    only = running[0] if len(running) == 1 else None
    latest = f"{only.until.astimezone(frame.zone):%Y-%m-%dT%H:%M}" if only else ""
    return [
        Field("clock", "radios", _("哪个期限"), options=offered, value=only.code if only else ""),
        Field("due_at", "moment", _("新的期限"), needed=False, value=latest, hint=_("可以改早；不填就按最晚的申请")),
        Field("reason", "radios", _("理由"), options=allowed),
        Field("note", "area", _("情况说明")),
    ]


def _may_last(one: queries.Extendable) -> str:
    said = {"title": told(one.title), "due": moment(one.due_at), "until": moment(one.until)}
    return _("%(title)s（%(due)s到期，最晚延到%(until)s）") % said


def _review_parking(frame: Frame) -> list[Field]:
    results = tuple((code, _(said)) for code, said in RESULTS.items())
    return [
        Field("result", "radios", _("复核结果"), options=results, value=KEEP, hint=_("可以办了，请用“销账”")),
        Field("due_at", "moment", _("新的计划日期"), needed=False, hint=_("改日期才填，由批准挂账的岗位来定")),
        Field("note", "area", _("现在的情况和打算")),
    ]


def _exclude(frame: Frame) -> list[Field]:
    rates = frame.edition.pack.figure.values()
    allowed = []
    for code, said in reasons(house_rules.exclusions(frame.edition)):
        out = "、".join(one.title for one in rates if code in one.exclude and one.of == f"loop:{frame.matter.loop}")
        without = _("%(reason)s，不计入%(rates)s") if out else _("%(reason)s，对这类事项不剔除什么")
        allowed.append((code, without % {"reason": said, "rates": told_each(out)}))
    hint = _("没有写到的率照样计入")
    return [
        Field("reason", "radios", _("理由"), hint=hint, options=tuple(allowed)),
        Field("note", "area", _("情况说明")),
    ]


def _reassign(frame: Frame) -> list[Field]:
    others = tuple(option for option in lead_options(takers(frame)) if option[0] != frame.matter.lead_id)
    return [Field("unit", "select", _("改由哪个单位办"), options=others), Field("note", "area", _("为什么改派"))]


def _move_edition(frame: Frame) -> list[Field]:
    """A note, and the stage to go on in where the edition now in force lacks the one the matter stands in."""
    loop = edition_for(frame.matter.area_path).loops.get(frame.matter.loop)
    note = Field("note", "area", _("为什么换版本"))
    if loop is None or (frame.matter.stage in loop.stages and frame.matter.stage not in loop.ends):
        return [note]
    running = tuple((code, title) for code, title in loop.stages.items() if code not in loop.ends)
    hint = _("新版本没有现在这个阶段")
    return [Field("stage", "radios", _("到新版本的哪个阶段"), hint=hint, options=running), note]


HOUSE: dict[str, Fields] = {
    "add": _add,
    "correct": _correct,
    "split": _split,
    "ask-extension": _ask_extension,
    "review-parking": _review_parking,
    "call-off": calling.call_off,
    "exclude": _exclude,
    "propose-exclusion": _exclude,
    "object-exclusion": lambda frame: [Field("note", "area", _("为什么不该剔除"))],
    "include": lambda frame: [Field("note", "area", _("为什么恢复计入"))],
    "reopen": lambda frame: [Field("words", "area", _("居民说了什么新情况"))],
    "reassign": _reassign,
    "move-edition": _move_edition,
}
