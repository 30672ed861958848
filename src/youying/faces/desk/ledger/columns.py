"""Which columns a person's ledger shows and how close its rows stand; kept in a cookie, for they are taste."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

A_YEAR_S = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, the class of its width, and what it sorts by."""

    code: str
    title: Any
    width: str
    sort: str = ""
    usual: bool = True


COLUMNS = (
    Column("lamp", _("剩余工时"), "c-lamp", sort="due"),
    Column("number", _("编号"), "c-number", sort="number"),
    Column("title", _("诉求"), ""),
    Column("place", _("地点"), "c-l"),
    Column("category", _("分类"), "c-m"),
    Column("stage", _("阶段"), "c-s"),
    Column("unit", _("责任单位"), "c-l"),
    Column("channel", _("渠道"), "c-number"),
    Column("received", _("登记时间"), "c-m", sort="received"),
    Column("marks", _("标记"), "c-m"),
    Column("changed", _("变动时间"), "c-m", sort="changed", usual=False),
    Column("due", _("到期时间"), "c-m", usual=False),
    Column("clock", _("在计的期限"), "c-m", usual=False),
    Column("urgency", _("紧急程度"), "c-m", usual=False),
    Column("reporters", _("反映人数"), "c-s", usual=False),
    Column("verdict", _("居民评价"), "c-m", usual=False),
)
DENSITIES = {"tight": _("紧 32"), "": _("常 36"), "loose": _("松 44")}
ALWAYS = ("lamp", "number", "title")


def chosen(request: HttpRequest) -> list[Column]:
    """The columns of this person, in the order of the table."""
    said = request.COOKIES.get("yy_columns", "").split("-")
    wanted = {code for code in said if code} | set(ALWAYS)
    return [one for one in COLUMNS if (one.code in wanted if said != [""] else one.usual)]


def density(request: HttpRequest) -> str:
    """How close the rows stand."""
    said = request.COOKIES.get("yy_rows", "")
    return said if said in DENSITIES else ""


def keep(request: HttpRequest, answer: HttpResponse) -> None:
    """Keep what was chosen for a year."""
    known = {one.code for one in COLUMNS}
    wanted = [code for code in request.POST.getlist("columns") if code in known]
    kept = {"yy_columns": "-".join(wanted), "yy_rows": request.POST.get("rows", "")[:8]}
    for name, value in kept.items():
        answer.set_cookie(name, value, max_age=A_YEAR_S, samesite="Lax", secure=settings.SECURE, httponly=True)
