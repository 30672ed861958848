"""An entry as a row of a table, and a row of a table as an entry."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from youying.people.register_queries import EntryShown
from youying.people.register_rules import Terms

WORDS = (
    *(gettext_lazy("人"), gettext_lazy("户"), gettext_lazy("单位"), gettext_lazy("地点"), gettext_lazy("物件")),
    *(gettext_lazy("列入名册并联系本人"), gettext_lazy("向居民介绍特长、派单"), gettext_lazy("公开姓名和积分")),
    *(gettext_lazy("书面签字"), gettext_lazy("当面口头"), gettext_lazy("网上勾选"), gettext_lazy("电话")),
    *(
        gettext_lazy("本人撤回同意"),
        gettext_lazy("协议到期"),
        gettext_lazy("个人信息已删除"),
        gettext_lazy("元"),
        gettext_lazy("分"),
        gettext_lazy("小时"),
    ),
    *(gettext_lazy("拨入"), gettext_lazy("收入"), gettext_lazy("支出"), gettext_lazy("冲正")),
    *(
        gettext_lazy("公示栏"),
        gettext_lazy("网上"),
        gettext_lazy("单元门"),
        gettext_lazy("居民群"),
        gettext_lazy("公报"),
    ),
    *(gettext_lazy("公示中"), gettext_lazy("公示期满"), gettext_lazy("提前撤下"), gettext_lazy("本期无数据")),
    *(gettext_lazy("优秀"), gettext_lazy("良好"), gettext_lazy("合格"), gettext_lazy("待改进")),
)
"""Words of registers, purses, notices and assessments, listed for the catalogue of translations."""


def heads() -> list[str]:
    """The titles of the columns."""
    return [_("名称"), _("类别"), _("电话"), _("地点"), _("列入日期"), _("移出理由")]


def line(one: EntryShown, terms: Terms, reasons: Mapping[str, str]) -> list[str]:
    """One entry, masked."""
    kind = terms.classes.get(one.class_code, one.class_code)
    left = reasons.get(one.left_reason, one.left_reason)
    return [one.shown, kind, one.phone_masked, one.place_words, f"{one.since}", left]
