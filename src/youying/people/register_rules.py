"""What a register asks of whoever is entered, changed or taken out; pure functions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.packs.edition import Edition

SORTS: dict[str, str] = {"person": "人", "home": "户", "unit": "单位", "place": "地点", "thing": "物件"}
"""What can be listed."""

CONSENTS: dict[str, str] = {"keep": "列入名册并联系本人", "match": "向居民介绍特长、派单", "show": "公开姓名和积分"}
"""What somebody listed may agree to, each on its own; without the first nobody is listed by consent."""

CONSENT_WAYS: dict[str, str] = {"written": "书面签字", "oral": "当面口头", "online": "网上勾选", "phone": "电话"}
"""How somebody agreed or withdrew."""

HOUSE_LEAVES: dict[str, str] = {
    "consent-withdrawn": "本人撤回同意", "erased": "个人信息已删除", "lapsed": "协议到期", "merged": "两份资料合并",
}  # fmt: skip
"""Why an entry ends whatever the pack says: the person's own right, or the end of what it was listed for."""

CLAUSE_CONSENT = "个人信息保护法第十三条"
CLAUSE_WITHDRAWAL = "个人信息保护法第十五条"
MOST_TITLE = 80
MOST_BASIS = 80


@dataclass(frozen=True, slots=True)
class Terms:
    """One register as an edition declares it; `leave` are the codes with their titles."""

    code: str
    title: str
    of: str
    classes: Mapping[str, str]
    sheet: str
    keeper: str
    enter: tuple[str, ...]
    leave: Mapping[str, str]
    purse: str
    edition: str

    def may_enter(self, viewer: Viewer) -> bool:
        """Whether somebody in this post lists others: the posts named, and the keeper."""
        return _is_one(viewer, {*self.enter, self.keeper})

    def may_keep(self, viewer: Viewer) -> bool:
        """Whether somebody in this post changes entries and ends them: the keeper, or where none is named who enters."""
        return _is_one(viewer, {self.keeper} if self.keeper else set(self.enter))


@dataclass(frozen=True, slots=True)
class Consented:
    """One consent as it was given."""

    purpose: str
    way: str


@dataclass(frozen=True, slots=True)
class Listed:
    """Who or what is to be listed: of a person name, telephone or ID number and the home if known; else a key or words."""

    name: str = ""
    phone: str = ""
    id_number: str = ""
    home_id: int | None = None
    unit_id: int | None = None
    title: str = ""


def _is_one(viewer: Viewer, posts: Collection[str]) -> bool:
    return viewer.kind == "system" or bool({viewer.post_code, viewer.unit_kind} & (set(posts) - {""}))


def registers_of(edition: Edition) -> dict[str, Terms]:
    """Every register of an edition by code."""
    return {code: terms_of(edition, code) for code in edition.pack.register_}


def terms_of(edition: Edition, code: str) -> Terms:
    """One register of an edition; refused when there is none of that code."""
    said = edition.pack.register_.get(code)
    if said is None:
        titles = "、".join(one.title for one in edition.pack.register_.values()) or "没有"
        raise Refused("register-unknown", say=f"这里的机制包没有这本名册，现有：{titles}。", have=code[:40])
    reasons = edition.pack.reasons
    codes = said.leave or [code for code, one in reasons.items() if "leave" in one.for_]
    return Terms(
        code=code,
        title=said.title,
        of=said.of,
        classes=dict(said.classes),
        sheet=said.sheet or "",
        keeper=said.keeper or "",
        enter=tuple(said.enter),
        leave={one: reasons[one].title for one in codes if one in reasons},
        purse=said.purse or "",
        edition=edition.digest,
    )


def check_may_enter(terms: Terms, viewer: Viewer) -> None:
    """Refuse whom the register does not let list others."""
    if not terms.may_enter(viewer):
        need = [*terms.enter, *([terms.keeper] if terms.keeper else [])]
        say = f"您的岗位不能往“{terms.title}”里列入，请找名册的责任岗位。"
        raise Refused("register-not-yours", say=say, have=viewer.post_code, need=need)


def check_may_keep(terms: Terms, viewer: Viewer) -> None:
    """Refuse whom the register is not entrusted to."""
    if not terms.may_keep(viewer):
        say = f"“{terms.title}”由名册的责任岗位更改，请找他。"
        raise Refused("register-not-kept", say=say, have=viewer.post_code, need=terms.keeper or list(terms.enter))


def checked_class(terms: Terms, code: str) -> str:
    """The class of an entry; a register that is classed lists nobody without one."""
    if code in terms.classes or (not code and not terms.classes):
        return code
    if not terms.classes:
        raise Refused(
            "class-unwanted", say=f"“{terms.title}”不分类，请不要填类别。", have=code[:40], field="class_code"
        )
    say = f"请选类别：{'、'.join(terms.classes.values())}。"
    raise Refused("class-unknown", say=say, have=code[:40], need=list(terms.classes), field="class_code")


def checked_reason(terms: Terms, code: str) -> str:
    """The code of the reason with which an entry ends."""
    if code not in terms.leave:
        say = f"请选移出的理由：{'、'.join(terms.leave.values()) or '机制包没有写，请先补上'}。"
        raise Refused("reason-unknown", say=say, have=code[:40], need=list(terms.leave), field="reason")
    return code


def checked_since(since: date | None, *, today: date) -> date:
    """From when somebody is listed: today, or a day before."""
    if since is not None and since > today:
        raise Refused("since-ahead", say="列入日期不能晚于今天。", have=str(since), need=str(today), field="since")
    return since or today


def checked_title(title: str) -> str:
    """The words that name a place or thing."""
    words = " ".join(title.split())
    if not words or len(words) > MOST_TITLE:
        raise Refused("title-unfit", say=f"请写名称，最多{MOST_TITLE}个字。", have=len(words), field="title")
    return words


def checked_basis(of: str, basis: str, consents: Collection[Consented]) -> str:
    """Why somebody may be listed: the law that is named, or consent; of what is no person neither is asked.

    Source: Personal Information Protection Law, article 13.
    """
    words = " ".join(basis.split())
    if of != "person":
        return ""
    if len(words) > MOST_BASIS:
        raise Refused("basis-too-long", say=f"依据最多{MOST_BASIS}个字，写明哪部法第几条。", field="basis")
    if not words and "keep" not in {one.purpose for one in consents}:
        say = "没有本人同意不能列入。请先征得同意并写明方式；依法必须登记的，写明依据的条款。"
        raise Refused("consent-missing", say=say, clause=CLAUSE_CONSENT, field="consent")
    return words


def checked_consent(purpose: str, way: str) -> Consented:
    """A consent of a known purpose, given in a known way."""
    if purpose not in CONSENTS:
        raise Refused("consent-unknown", say=f"请选同意的内容：{'、'.join(CONSENTS.values())}。", have=purpose[:20])
    if way not in CONSENT_WAYS:
        say = f"请选怎样同意的：{'、'.join(CONSENT_WAYS.values())}。"
        raise Refused("consent-way-unknown", say=say, have=way[:20], field="way")
    return Consented(purpose, way)


def twice(terms: Terms, *, entry_id: int, since: date) -> Refused:
    """Who or what is listed already is told where."""
    say = f"已经在“{terms.title}”里了（{since:%Y-%m-%d}列入），不必再列；要改类别或内容，请打开那一条。"
    return Refused("listed-already", say=say, have=entry_id)
