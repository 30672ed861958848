"""The sections of what recurs and what is written down: rhythm, sheet, register, roster, menu, plan."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from youying.packs.schema_base import DayOfYear, Duration, Every, Hours, Scalar, Weekday, Where, WholeWord, Word
from youying.packs.schema_loop import Rung


class Item(Word):
    """表单里的一栏。"""

    title: str
    """栏目名称。"""
    type: Literal[
        "yes-no",
        "choice",
        "number",
        "money",
        "text",
        "photo",
        "date",
        "time",
        "person",
        "place",
        "signature",
        "file",
        "phone",
    ] = "text"
    """填什么：是否、选择、数字、金额、文字、照片、日期、时间、人、地点、签字、文件、电话。"""
    choices: list[str] = []
    """选择栏的选项。"""
    unit: str = ""
    """数字的单位。"""
    must: bool = True
    """是否必填。"""
    points: float | int | None = None
    """评分表里的满分。"""
    fails: Scalar | None = None
    """填成这个值就算有问题；填数字的，达到这个数就算。"""
    opens: str | None = None
    """有问题时按哪个流程新开一件事项。"""
    target: bool = False
    """同时记目标值和完成值。"""
    mask: bool = False
    """显示时脱敏。"""


class Sheet(Word):
    """一张表单：动作或走访时填写。"""

    title: str
    """表单名称。"""
    items: dict[str, Item]
    """栏目表；键名也是统计可用的事实。"""


class Unmet(WholeWord):
    """没见到人怎么办。"""

    again: Duration
    """多久以后再去。"""
    most: int = Field(ge=1)
    """最多再去几次。"""
    then: list[str]
    """还是没见到：tell:谁、open:流程、put:名册。"""


class Rhythm(Word):
    """一项反复要做的事；每到一次日子，就记一次“应做”。"""

    title: str
    """名称。"""
    of: str
    """对谁做：户、楼栋、小区、网格、社区、人，或 register:x、unit:x、loop:x。"""
    where: Where = {}
    """只对符合这些条件的对象做。"""
    does: Literal[
        "visit",
        "patrol",
        "inspect",
        "serve",
        "call",
        "activity",
        "meet",
        "assess",
        "publish",
        "brief",
        "review",
        "register",
        "recheck",
    ]
    """做什么：走访、巡逻、排查、服务、电话、活动、开会、考评、公示、简报、总结、登记、复查。"""
    runs: str | None = None
    """同时运行：forum:x、publication:x、assessment:x 或 ledger:x。"""
    every: Every | dict[str, Every] | None = None
    """多久一次；或按 per 分档的表。"""
    per: str | None = None
    """分档的依据。"""
    on: list[Weekday] = []
    """固定星期几。"""
    during: list[DayOfYear] = Field(default=[], max_length=2)
    """一年里的哪一段：首日和末日（月-日）。"""
    date: str | None = None
    """从对象的哪个日期算起（如返乡日）。"""
    within: Duration | None = None
    """集中开展多久，或到日后多久内做。"""
    hours: list[Hours] = []
    """当天的哪个时段。"""
    by: list[str] = []
    """责任岗位。必须写。"""
    with_: list[str] = Field(default=[], alias="with")
    """和谁一起。"""
    sheet: str | None = None
    """填哪张表单。"""
    unmet: Unmet | None = None
    """没见到人怎么办。"""
    opens: list[str] = []
    """发现问题可以新开什么。"""
    ladder: list[Rung] = []
    """临期和超期时依次做什么。"""
    coverage: bool = False
    """是否按对象逐一看覆盖、不漏一户。"""


class Register(Word):
    """名册：分类管理的人、户、单位、地点、物件。"""

    title: str
    """名册名称。"""
    of: Literal["person", "home", "unit", "place", "thing", "post"]
    """登记的是什么。"""
    classes: dict[str, str] = {}
    """类别代码和中文名。"""
    sheet: str | None = None
    """登记表单。"""
    keeper: str | None = None
    """这本名册由哪个岗位负责。"""
    enter: list[str] = []
    """谁可以列入。"""
    leave: list[str] = []
    """移出的理由。"""
    purse: str | None = None
    """每人一本的账户（如积分）。"""


class Roster(Word):
    """值班表。"""

    title: str
    """名称。"""
    posts: list[str]
    """哪些岗位轮值。"""
    days: list[Weekday] = []
    """星期几；省略为每天。"""
    during: list[DayOfYear] = Field(default=[], max_length=2)
    """一年里的哪一段。"""
    hours: list[Hours] = []
    """班次时段。"""
    published: bool = False
    """电话是否向居民公开。"""


class MenuItem(Word):
    """菜单里的一项服务。"""

    title: str
    """服务名称。"""
    by: list[str]
    """谁来服务。"""
    where: Where = {}
    """为谁服务。"""
    within: Duration | None = None
    """服务时限。"""


class Menu(Word):
    """居民可以点的服务菜单。"""

    title: str
    """菜单名称。"""
    loop: str
    """点了以后走哪个流程。"""
    items: dict[str, MenuItem]
    """服务项目。"""
    plan: str | None = None
    """用哪个安排来匹配。"""
    offers: str | None = None
    """资源从哪个名册来。"""


class Plan(Word):
    """安排：把甲分给乙；程序只出方案，由人来定。"""

    title: str
    """名称。"""
    assign: str
    """把什么分出去。"""
    to: str
    """分给什么。"""
    keep: list[
        Literal[
            "capacity",
            "hours",
            "area",
            "boundary",
            "min-run",
            "skill",
            "one-each",
            "max-size",
            "min-size",
            "contiguous",
        ]
    ] = []
    """必须守住的限制。"""
    prefer: list[
        Literal[
            "nearest",
            "least-loaded",
            "known-person",
            "fewest-starts",
            "fewest-units",
            "balanced",
            "shortest-round",
            "earliest",
            "same-as-before",
        ]
    ] = []
    """希望做到的，排在前面的优先。"""
    by: list[str] = []
    """谁来定。"""
