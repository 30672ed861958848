"""The shell around every page: navigation, counts, footer, language, letter size, sentences to show once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from youying.kernel.viewers import PUBLIC, Viewer

TOASTS = "toasts"
Counts = Callable[[Viewer], dict[str, int]]
Line = Callable[[Viewer], str]
_counts: list[Counts] = []
_foot_lines: list[Line] = []


@dataclass(frozen=True, slots=True)
class Entrance:
    """One line of the side navigation, shown to whoever holds the power; `query` is what a shared page is narrowed by."""

    title: Any
    icon: str
    page: str
    power: str = ""
    count: str = ""
    hot: bool = False
    query: str = ""


# Which entrances there are and in what order.
NAVIGATION: tuple[tuple[Any, tuple[Entrance, ...]], ...] = (
    (
        _("今天"),
        (
            Entrance(_("我的一天"), "sun-high", "desk:day", count="day"),
            Entrance(_("事项台账"), "list-details", "desk:ledger", "view", count="ledger"),
            Entrance(_("等居民答复"), "phone-call", "desk:ledger", "act", query="?lamp=waiting"),
            Entrance(_("督办"), "eye", "desk:supervisions"),
            Entrance(_("难诉会商"), "users", "desk:consultations", "view"),
            Entrance(_("挂账清单"), "archive", "desk:parked", "view"),
            Entrance(_("待告知"), "send", "desk:to-tell", "act", count="to_tell"),
            Entrance(_("提醒"), "bell", "desk:notices"),
            Entrance(_("走访巡查"), "walk", "desk:occasions"),
            Entrance(_("值班"), "moon-stars", "desk:duty"),
        ),
    ),
    (
        _("登记"),
        (
            Entrance(_("登记事项"), "headset", "desk:intake", "intake"),
            Entrance(_("导入热线表"), "file-import", "desk:imports", "import"),
        ),
    ),
    (
        _("地方与人"),
        (
            Entrance(_("网格一张图"), "map-2", "desk:map", "view"),
            Entrance(_("名册"), "book", "desk:registers", "view"),
            Entrance(_("账户"), "scale", "desk:funds", "view"),
            Entrance(_("区划、小区、网格"), "sitemap", "desk:places", "places"),
            Entrance(_("单位、岗位、账号"), "users-group", "desk:accounts", "accounts"),
            Entrance(_("共建单位"), "heart-handshake", "desk:partners", "view"),
        ),
    ),
    (
        _("看得见"),
        (
            Entrance(_("三率与同比"), "chart-line", "desk:rates", "rates"),
            Entrance(_("考评"), "target", "desk:assessments", "rates"),
            Entrance(_("公示"), "news", "desk:publications", "view"),
            Entrance(_("预警"), "alert-triangle", "desk:warnings", "rates", count="warnings", hot=True),
            Entrance(_("导出的文件"), "file-export", "desk:exports", "export"),
            Entrance(_("吹哨与报到"), "speakerphone", "desk:whistles", "view"),
            Entrance(_("批准导出"), "rubber-stamp", "desk:exports-to-answer", "approve-export"),
        ),
    ),
    (
        _("规则与留痕"),
        (
            Entrance(_("机制包与数值"), "package", "desk:packs", "packs"),
            Entrance(_("文本与分类"), "tag", "desk:texts", "texts"),
            Entrance(_("留痕与校验"), "shield-check", "desk:record", "audit"),
            Entrance(_("等人处理的"), "progress", "desk:record-waiting", "audit"),
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Link:
    """An entrance made ready for one viewer."""

    title: Any
    icon: str
    href: str
    count: int | None
    hot: bool
    current: bool


def nav_counts(provider: Counts) -> Counts:
    """Register what the navigation counts: a function from viewer to numbers by name."""
    _counts.append(provider)
    return provider


def foot_line(provider: Line) -> Line:
    """Register one line of the desk's footer (edition in force, last check of the record)."""
    _foot_lines.append(provider)
    return provider


def say_once(request: HttpRequest, say: str, *, undo: str = "") -> None:
    """Keep a sentence for the next page of this session, with the address that undoes the act, if any."""
    request.session[TOASTS] = [*request.session.get(TOASTS, []), {"say": say, "undo": undo}]


def context(request: HttpRequest) -> dict[str, Any]:
    """The context processor: one lazy object, so that a page pays only for what it shows."""
    return {"shell": Shell(request)}


class Shell:
    """What the base templates ask for, read when asked."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.demo = settings.YOUYING_DEMO
        self.tile_url = settings.YOUYING_TILE_URL

    @property
    def viewer(self) -> Viewer:
        """Who is looking; the public where no middleware has said."""
        return getattr(self.request, "viewer", PUBLIC)

    @property
    def signed_in(self) -> bool:
        """True for an account that has signed in."""
        return self.viewer.account_id is not None

    @property
    def lang(self) -> str:
        """The value of the page's lang attribute."""
        return "en" if (get_language() or "").startswith("en") else "zh-CN"

    @property
    def large(self) -> bool:
        """True where the resident chose large letters."""
        return self.request.COOKIES.get("yy_type") == "large"

    @property
    def here(self) -> str:
        """This page's own address, to come back to."""
        return self.request.get_full_path()

    @cached_property
    def counts(self) -> dict[str, int]:
        """The numbers beside the entrances."""
        return {name: count for provider in _counts for name, count in provider(self.viewer).items()}

    @cached_property
    def foot_lines(self) -> list[str]:
        """The lines of the footer that have something to say."""
        return [line for provider in _foot_lines if (line := provider(self.viewer))]

    @cached_property
    def toasts(self) -> list[dict[str, str]]:
        """The sentences kept for this page; asking takes them away."""
        session = getattr(self.request, "session", None)
        return session.pop(TOASTS, []) if session is not None else []

    @cached_property
    def groups(self) -> list[tuple[Any, list[Link]]]:
        """The navigation of this viewer, without empty groups."""
        made = [(title, self._links(entrances)) for title, entrances in NAVIGATION]
        return [(title, links) for title, links in made if links]

    def has(self, page: str) -> bool:
        """Whether a page of that name exists and needs no argument."""
        return bool(address(page))

    def _links(self, entrances: tuple[Entrance, ...]) -> list[Link]:
        shown = ((one, address(one.page)) for one in entrances if not one.power or self.viewer.may(one.power))
        return [
            Link(one.title, one.icon, href + one.query, self.counts.get(one.count), one.hot, self._is_here(one, href))
            for one, href in shown
            if href
        ]

    def _is_here(self, one: Entrance, href: str) -> bool:
        narrowed = any(
            href + other.query == self.here for _title, group in NAVIGATION for other in group if other.query
        )
        return href + one.query == self.here if one.query else href == self._here and not narrowed

    @cached_property
    def _here(self) -> str:
        """The entrance that this page belongs to: the longest whose address begins its own."""
        path = self.request.path
        known = [address(one.page) for _title, entrances in NAVIGATION for one in entrances]
        fitting = [href for href in known if href and (path == href or (href.count("/") > 2 and path.startswith(href)))]
        return max(fitting, key=len, default="")


def address(page: str) -> str:
    """The address of a page without arguments, or nothing where it is not built."""
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""
