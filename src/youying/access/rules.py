"""Decisions of access: what fits a path, a name and a power; when a post is in force; who may take over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from youying.kernel.normal_forms import normal_name
from youying.kernel.refusals import Refused
from youying.kernel.tables import plain
from youying.kernel.viewers import POWERS, Viewer

LinkKind = Literal["invite", "sign-in", "reset", "set-up"]

LINK_MINUTES: dict[str, int] = {"invite": 72 * 60, "sign-in": 30, "reset": 60, "set-up": 24 * 60}
"""How long a link lives when nobody says otherwise, in minutes."""
MOST_LINK_MINUTES = 7 * 24 * 60
MOST_SAID = 20
"""So many words are listed where one was not known."""

UNMASK_PURPOSES: dict[str, str] = {
    "contact": "联系当事人办理事项",
    "verify": "核对身份",
    "visit": "上门走访或送达",
    "emergency": "紧急救助",
    "correct": "应本人要求更正资料",
    "inspect": "检查监督",
}
"""Why somebody may look at a whole name, phone or number; the list is closed."""

ADMINISTRATOR_POWERS = ("view", "accounts", "places", "packs", "rosters", "texts", "import", "audit")
"""What the first administrator holds: the means to set the house up, and no personal data."""

EVERYDAY_POWERS = ("view", "intake", "act")
"""What whoever minds accounts may give with any post: seeing what is masked, taking matters in, the acts of the pack."""

_OFFICE = frozenset({"view", "intake", "act", "rates"})
USUAL_OF_POSTS: dict[str, frozenset[str]] = {
    "secretary": _OFFICE | {"unmask", "export", "packs", "rosters", "places", "import", "audit", "texts"},
    "dispatcher": _OFFICE | {"import", "export", "texts", "unmask"},
    "street-leader": _OFFICE | {"approve-export", "audit", "packs", "rosters"},
    "county-leader": frozenset({"view", "act", "rates"}),
    "supervisor": _OFFICE,
    "caller": frozenset({"view", "act", "unmask"}),
    "duty-officer": frozenset({"view", "intake", "act", "unmask"}),
    "grid-worker": frozenset({"view", "intake", "act", "unmask"}),
    "auditor": frozenset({"view", "rates", "audit"}),
    "manager": frozenset({"act", "unmask"}),
    "administrator": frozenset(ADMINISTRATOR_POWERS),
}
"""What a post usually needs for its day, beside what the pack gives it; whoever appoints may change it.

A unit's own people do without seeing the place: they see what is given to their unit.
"""


def usual_powers(code: str) -> frozenset[str]:
    """What the holder of a post usually needs."""
    return USUAL_OF_POSTS.get(code, frozenset({"view", "act"}))


_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_UNIT_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{1,24}(?:(?:转|分机|ext\.?|-)[ ]?[0-9]{1,6})?", re.IGNORECASE)
_SEGMENT = re.compile(r"[A-Za-z0-9]{1,24}")


@dataclass(frozen=True, slots=True)
class Term:
    """From when to when something holds; without `until` it is open."""

    since: datetime
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """True from the first moment on and no longer at the last."""
        return self.since <= at and (self.until is None or at < self.until)


def username_that_fits(text: str) -> str:
    """The normal form of a name to sign in with; refused when it could be mistaken."""
    name = text.strip().lower()
    if not _USERNAME.fullmatch(name):
        raise Refused(
            "username-unfit",
            say="登录名用3到40个小写字母、数字、点、横线，以字母或数字开头。",
            have=text,
            field="username",
        )
    return name


def words_that_fit(text: str, *, field: str, title: str, most: int) -> str:
    """A needed short text, trimmed."""
    words = text.strip()
    if not words or len(words) > most:
        raise Refused("words-unfit", say=f"请填写{title}，不超过{most}个字。", have=len(words), need=most, field=field)
    return words


def reach_that_fits(path: str) -> str:
    """A path that a post or unit may reach: "/" or segments after slashes, no slash at the end."""
    fits = path == "/" or (
        len(path) <= 160 and path.startswith("/") and all(_SEGMENT.fullmatch(part) for part in path[1:].split("/"))
    )
    if not fits:
        raise Refused("reach-unfit", say="请从区划树里选一个辖区。", have=path, field="reach")
    return path


def powers_that_fit(powers: Iterable[str]) -> list[str]:
    """The powers without repeats, in the order of the table; refused when one is unknown."""
    asked = set(powers)
    if unknown := asked - POWERS.keys():
        raise Refused(
            "unknown-power",
            say=f"没有这样的权限：{'、'.join(sorted(unknown))}。",
            have=sorted(unknown),
            need=list(POWERS),
            field="powers",
        )
    return [power for power in POWERS if power in asked]


def grantable(by: Viewer, *, whole: bool) -> list[str]:
    """The powers that somebody may give with a post: every one where their own reaches the `whole` installation.

    Elsewhere the everyday ones, without which nobody can work, and beyond them only those that they hold themselves.
    """
    return [power for power in POWERS if whole or power in EVERYDAY_POWERS or by.may(power)]


def check_grants(by: Viewer, *, powers: Iterable[str], whole: bool) -> None:
    """Refuse to give a power that the giver does not hold, see `grantable`."""
    if missing := [power for power in powers if power not in grantable(by, whole=whole)]:
        named = "、".join(f"“{POWERS[power]}”" for power in missing)
        raise Refused(
            "power-not-held",
            say=f"您的岗位没有{named}，不能授予别人；请管全部辖区的管理员来任命，或去掉这一项。",
            clause="本系统规则：自己没有的权限不能授予别人",
            have=sorted(by.powers),
            need=missing,
            field="powers",
        )


def check_opens(by: Viewer, *, powers: Iterable[str], whole: bool) -> None:
    """Refuse a way into an account whose posts hold a power that `by` may not give, see `grantable`."""
    if missing := [power for power in powers if power not in grantable(by, whole=whole)]:
        named = "、".join(f"“{POWERS[power]}”" for power in missing)
        say = f"对方的岗位有{named}，您的岗位没有，不能给对方登录或设密码的链接；"
        raise Refused(
            "power-not-held",
            say=f"{say}请同样有这些权限的管理员，或管全部辖区的管理员来给。",
            clause="本系统规则：自己没有的权限，也不能借别人的账号取得",
            have=sorted(by.powers),
            need=missing,
        )


def term_that_fits(since: datetime, until: datetime | None) -> Term:
    """The term of a post; refused when it would end before it begins."""
    if until is not None and until <= since:
        raise Refused("term-unfit", say="任期的结束时间要晚于开始时间。", have=until, need=since, field="until")
    return Term(since, until)


def link_life(kind: LinkKind, minutes: int | None) -> timedelta:
    """How long a link lives."""
    if kind not in LINK_MINUTES:
        raise Refused("link-kind-unknown", say="没有这种链接。", have=kind, need=list(LINK_MINUTES), field="kind")
    life = LINK_MINUTES[kind] if minutes is None else minutes
    if not 1 <= life <= MOST_LINK_MINUTES:
        raise Refused(
            "link-life-unfit",
            say="链接有效期请设在1分钟到7天之间。",
            have=life,
            need=MOST_LINK_MINUTES,
            field="minutes",
        )
    return timedelta(minutes=life)


def check_link(*, expires_at: datetime | None, used_at: datetime | None, active: bool, at: datetime) -> None:
    """Refuse a link that never was, was used, ran out or leads to a disabled account: one answer for all four."""
    if expires_at is None or used_at is not None or at >= expires_at or not active:
        raise link_void()


def link_void() -> Refused:
    """The one answer to a link that does not work, so that nobody learns why."""
    return Refused("link-void", say="这个链接无效、已使用或已过期，请联系管理员重新发一个。")


def check_purpose(purpose: str) -> None:
    """Refuse a reason for unmasking that is not on the list."""
    if purpose not in UNMASK_PURPOSES:
        raise Refused(
            "purpose-missing",
            say="请选择查看完整信息的用途。",
            clause="个人信息保护法第六条",
            have=purpose,
            need=UNMASK_PURPOSES,
            field="purpose",
        )


def check_not_oneself(by: Viewer, *, account_id: int, what: str) -> None:
    """Refuse what another administrator has to do."""
    if by.account_id is not None and by.account_id == account_id:
        raise Refused(
            "not-for-oneself", say=f"{what}须由另一位管理员办理，不能给自己办。", clause="本系统规则：权限须由他人授予"
        )


def check_take_over(*, reach: str, taker_reach: str, same_post: bool, taker_holds: bool) -> None:
    """Refuse a successor whose post is not in force or does not cover the place."""
    covers = Viewer(kind="post", reach=taker_reach).reaches(reach)
    if same_post or not taker_holds or not covers:
        raise Refused(
            "cannot-take-over",
            say="接手的岗位须在任，并且辖区包含原岗位的辖区。",
            have=taker_reach,
            need=reach,
            field="hand_over_to",
        )


def unit_code_that_fits(text: str) -> str:
    """The code of a unit: what a pack, a table and a link call it by."""
    code = text.strip()
    if not _UNIT_CODE.fullmatch(code):
        raise Refused(
            "unit-code-unfit",
            say="单位代码用1到40个字母、数字、点、横线，以字母或数字开头，例如 anhuai。",
            have=code[:40],
            field="code",
        )
    return code


def phone_that_fits(text: str) -> str:
    """A telephone as people write it: digits, blanks, dashes, an extension; may be empty."""
    phone = text.strip()
    if phone and not _PHONE.fullmatch(phone):
        raise Refused("phone-unreadable", say="这不像电话号码，请写手机号或带区号的座机。", field="phone")
    return phone


def code_meant(words: str, *, known: Mapping[str, str], what: str, field: str) -> str:
    """The code that a word of a table means: the code itself or its title; any word where nothing is known yet."""
    if words in known or not known:
        return words
    found = [code for code, title in known.items() if plain(title) == words]
    if len(found) != 1:
        raise Refused(
            "word-unknown",
            say=f"没有叫“{words[:40]}”的{what}，可以写：{'、'.join(list(known.values())[:MOST_SAID])}。",
            have=words[:40],
            need=list(known),
            field=field,
        )
    return found[0]


def powers_meant(words: str) -> list[str]:
    """The powers that a cell lists by their titles or codes, in the order of the table."""
    found, rest = [], words
    # Some titles hold the sign that divides titles, and some hold another: the longest is looked for first.
    for code, title in sorted(POWERS.items(), key=lambda one: -len(one[1])):
        if title in rest:
            found.append(code)
            rest = rest.replace(title, "、")
    said = [one.strip()[:40] for one in re.split("[、,;]|，|；", rest)]
    return powers_that_fit([*found, *(one for one in said if one)])


def check_not_over(term: Term, *, at: datetime) -> None:
    """Refuse a term that is over before anybody could work in it."""
    if term.until is not None and term.until <= at:
        raise Refused("term-over", say="“止”的日期已经过去，请核对。", have=term.until, field="until")


def check_same_person(*, username: str, name: str, known_name: str) -> None:
    """Refuse a row that gives somebody's name to sign in with to somebody else."""
    if normal_name(name) != normal_name(known_name):
        raise Refused(
            "username-of-another",
            say=f"登录名“{username}”已经是{known_name}的，和这一行的姓名不同，请核对或换一个登录名。",
            field="username",
        )


def moved(path: str, *, old: str, new: str) -> str:
    """Where a path lies after the branch `old` became `new`; unchanged where it lay elsewhere."""
    if path == old:
        return new
    return new + path[len(old) :] if path.startswith(old + "/") else path


def device_words(user_agent: str) -> str:
    """A browser's own description in a few words, enough to tell one's own devices apart."""
    browsers = (
        ("MicroMessenger", "微信"),
        ("DingTalk", "钉钉"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    )
    systems = (
        ("HarmonyOS", "鸿蒙"),
        ("Android", "安卓"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    )
    named = (next((words for mark, words in table if mark in user_agent), "") for table in (browsers, systems))
    return " · ".join(words for words in named if words) or "其他设备"
