"""The order on paper: a page for the printer, and a PDF; masked, with who printed it and when."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import typst
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from youying.access.queries import viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.faces.desk.matter import showing
from youying.faces.desk.matter.views import body, head
from youying.faces.shared.house_words import told, told_each
from youying.faces.shared.rounds import completions
from youying.faces.shared.words import full
from youying.files.queries import for_subject, open_file
from youying.kernel.masking import mask_text
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.matters import queries
from youying.sheets.queries import FilledView

MOST_PHOTOS = 9
SHEET = Path(__file__).with_name("order.typ")
CHINESE_FONTS = (
    "Noto Sans CJK SC", "Source Han Sans SC", "Source Han Sans CN", "PingFang SC", "HarmonyOS Sans SC",
    "Microsoft YaHei", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "SimHei", "SimSun",
)  # fmt: skip


@at_post()
def printed(request: HttpRequest, number: str) -> HttpResponse:
    """The order as a page of paper."""
    viewer = viewer_for(request)
    found = queries.find(viewer, number)
    page = head(viewer, found) | body(viewer, found, which="all") | {"printer": _printer(viewer), "at": now()}
    page["assigned"] = queries.assignments(found)
    return render(request, "desk/matter/print.html", page)


@at_post()
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """The order as a PDF."""
    viewer = viewer_for(request)
    found = queries.find(viewer, number)
    order = order_of(viewer, found) | photos_of(viewer, found)
    made = typst.compile(SHEET.read_bytes(), sys_inputs={"order": msgspec.json.encode(order).decode()})
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="order-{found.number}.pdf"'
    return answer


def photos_of(viewer: Viewer, found: Any) -> dict[str, Any]:
    """The first photos that this reader may see, small, each with which one it is, and in words how many more there are.

    The sheet takes their bytes as numbers.
    """
    held = showing.photos(for_subject(viewer, found.subject), completions(found))
    made: list[tuple[list[int], str]] = []
    for one in held[:MOST_PHOTOS]:
        small = open_file(viewer, one["token"], thumbnail=True)
        made.append((list(b"".join(small.pieces)), f"{one['title']}　{one['words']}"))
    more = len(held) - len(made)
    return {"photos": made, "photos_more": _("另有 %(n)s 张，见事项页。") % {"n": more} if more else ""}


def order_of(viewer: Viewer, found: Any) -> dict[str, Any]:
    """The order as data for the sheet: every word that stands on it, already masked and in the reader's language."""
    said = head(viewer, found)
    lines = queries.story(found)
    facts = [
        (_("编号"), found.number),
        (_("地点"), said["place"]),
        (_("分类"), said["category"]),
        (_("渠道"), said["channel"]),
        (_("紧急程度"), said["urgency"]),
        (_("登记时间"), full(found.opened_at)),
        (_("到期时间"), full(found.due_at)),
        (_("诉求人"), "；".join(one["said"] for one in said["reporters"])),
        (_("承办"), "、".join(one.unit.title for one in queries.assignments(found))),
    ]
    return {
        "font": chinese_font(),
        "heading": _("交办单"),
        "title": mask_text(found.title),
        "words": mask_text(found.words),
        "facts": [[name, value] for name, value in facts if value],
        "clocks": [clock.say for clock in queries.clocks(found) if clock.running and clock.say],
        "clocks_title": _("期限"),
        "sheets": [paper_of(one) for one in said["papers"] if one.current],
        "photos_title": _("照片"),
        "story_title": _("经过"),
        "story": [[full(one.at), one.title, mask_text(one.words), one.who] for one in lines],
        "signs": [_("承办人签字"), _("居民签字"), _("日期")],
        "mark": f"{_printer(viewer)}　{full(now())}",
    }


def paper_of(one: FilledView) -> dict[str, Any]:
    """One filled sheet as the order shows it: masked, with what it still lacks."""
    rows = [[told(line.title), told(line.said)] for line in one.lines if line.said]
    lacking = _("还缺：%(titles)s") % {"titles": told_each("、".join(one.lacking))} if one.lacking else ""
    return {"title": told(one.title), "rows": rows, "lacking": lacking}


def _printer(viewer: Viewer) -> str:
    return _("%(name)s（%(post)s）打印") % {"name": viewer.name, "post": viewer.post_title}


@lru_cache(maxsize=1)
def chinese_font() -> str:
    """A font of this machine that has Chinese; refused where there is none, for it would print nothing, silently."""
    families = set(typst.Fonts().families())
    found = next((name for name in CHINESE_FONTS if name in families), None)
    if found is None:
        say = _("服务器上没有中文字体，印出来会是空白。请管理员安装 Noto Sans CJK（fonts-noto-cjk）。")
        raise Refused("font-missing", say=say, need=list(CHINESE_FONTS))
    return found
