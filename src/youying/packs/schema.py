"""A pack as a validated model: the head and the 29 sections."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from youying.packs.schema_base import Context, Hours, OpenFact, PackRef, ReasonUse, ScreenWord, Tier, Weekday, Word
from youying.packs.schema_loop import Loop
from youying.packs.schema_means import (
    Assessment,
    Decision,
    Draw,
    Figure,
    Forum,
    Ledger,
    Publication,
    Purse,
    Share,
    Watch,
)
from youying.packs.schema_rhythm import Menu, Plan, Register, Rhythm, Roster, Sheet

Level = Tier | None


class Head(Word):
    """包头：这是什么包、从哪里来、在谁的基础上。"""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]
    """代码，和文件名一致。"""
    title: str
    """名称。"""
    mechanism: str = ""
    """对应哪个机制。"""
    version: int = Field(default=1, ge=1)
    """版本。"""
    local: bool = False
    """是否街道自己的本地包（一处只有一个）。"""
    origin: str = ""
    """出处。"""
    about: str = ""
    """一句话说明。"""
    extends: list[PackRef] = []
    """以哪些包为基础（代码@版本）。"""
    drop: list[str] = []
    """去掉哪些键（如 loop.demand.acts.park）。"""
    sources: list[str] = []
    """依据的法律、标准、文件。"""
    calendar: str | None = None
    """按哪个日历计时。"""


class Calendar(Word):
    """工作日历。"""

    title: str
    """名称。"""
    week: list[Weekday]
    """哪几天上班。"""
    hours: list[Hours]
    """上班时段。"""
    holidays: Literal["national", "none"] = "national"
    """national 照国家的放假和调休；none 不管节假日，只看每周。"""


class Tiers(Word):
    """层级顺序。"""

    order: list[Tier]
    """从低到高。"""


class Post(Word):
    """岗位。"""

    title: str
    """名称。"""
    at: Level = None
    """管到哪一级。"""
    each: int | None = Field(default=None, ge=1)
    """所管的每一处要配几个人（如每个小区一人，写 1）。"""
    pledged: bool = False
    """是否领导包联。"""


class Unit(Word):
    """单位类型。"""

    title: str
    """名称。"""
    at: Level = None
    """在哪一级。"""
    mirrors: Level = None
    """是党组织的，写它设在哪一级（小区党支部写 compound）。"""


class Reason(Word):
    """理由代码。"""

    title: str
    """理由。"""
    for_: list[ReasonUse] = Field(alias="for", min_length=1)
    """用在哪里：终结、剔除、暂停、挂账、退单、不同意、移出、没见到、延期。"""
    clause: str = ""
    """依据条款。"""


class Channel(Word):
    """渠道。"""

    title: str
    """名称。"""
    hours: str = ""
    """受理时段。"""
    roster: str | None = None
    """由哪张值班表接听。"""
    body: str | None = None
    """由哪个部门受理。"""


class Param(Word):
    """本地数值：别处写 param:代码 引用。"""

    title: str
    """含义。"""
    value: int | float | str
    """数值。"""
    unit: str = ""
    """单位。"""
    clause: str = ""
    """依据。"""
    since: str = ""
    """从哪天起。"""


class Directory(Word):
    """派单目录：什么分类派给谁。行可写在 rows，也可放在包旁边的 CSV 里，或在屏幕上维护。"""

    file: str | None = None
    """包旁边的 CSV 文件名。"""
    columns: list[Literal["category", "unit", "joint", "tier", "urgency", "within", "loop", "not_to", "basis"]] = []
    """有哪些列。"""
    rows: list[dict[str, str | list[str]]] = []
    """直接写在包里的行。"""


class Pack(Word):
    """一个包，或合成之后的一个版本。"""

    pack: Head
    """包头。"""
    tiers: Tiers | None = None
    """层级。只有基础包和本地包可以写。"""
    calendar: dict[str, Calendar] = {}
    """工作日历。只有基础包和本地包可以写。"""
    posts: dict[str, Post] = {}
    """岗位。"""
    units: dict[str, Unit] = {}
    """单位类型。"""
    values: dict[OpenFact, dict[str, str]] = {}
    """开放事实的取值。"""
    reasons: dict[str, Reason] = {}
    """理由代码。"""
    channel: dict[str, Channel] = {}
    """渠道。"""
    params: dict[str, Param] = {}
    """本地数值。"""
    directory: Directory | None = None
    """派单目录。只有基础包和本地包可以写。"""
    loop: dict[str, Loop] = {}
    """办理流程。"""
    sheet: dict[str, Sheet] = {}
    """表单。"""
    rhythm: dict[str, Rhythm] = {}
    """节奏：反复要做的事。"""
    register_: dict[str, Register] = Field(default={}, alias="register")
    """名册。"""
    roster: dict[str, Roster] = {}
    """值班表。"""
    menu: dict[str, Menu] = {}
    """服务菜单。"""
    plan: dict[str, Plan] = {}
    """安排。"""
    forum: dict[str, Forum] = {}
    """议事会。"""
    decision: dict[str, Decision] = {}
    """表决。"""
    share: dict[str, Share] = {}
    """分摊。"""
    draw: dict[str, Draw] = {}
    """抽签、抽查。"""
    purse: dict[str, Purse] = {}
    """账户。"""
    publication: dict[str, Publication] = {}
    """公示。"""
    assessment: dict[str, Assessment] = {}
    """考评。"""
    figure: dict[str, Figure] = {}
    """数字、率。"""
    ledger: dict[str, Ledger] = {}
    """台账、清单、日报。"""
    watch: dict[str, Watch] = {}
    """盯办、预警。"""
    words: dict[ScreenWord, str] = {}
    """屏幕上的本地叫法。"""
    beyond: dict[Context, str] = {}
    """哪些不由包规定、由程序保证；只供说明，从不执行。"""


SECTIONS: tuple[str, ...] = tuple(field.alias or name for name, field in Pack.model_fields.items())
