"""The section `loop`: what happens to a matter from intake to its end."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from youying.packs.schema_base import (
    Duration,
    HourOfDay,
    Kind,
    LadderWord,
    Proof,
    Tier,
    Verb,
    Where,
    WholeWord,
    Word,
)

Trigger = Annotated[str, StringConstraints(pattern=r"^(close|unsolved|parts|due|(clock|met):[a-z][a-z0-9-]*)$")]
RungTime = Annotated[
    str,
    StringConstraints(
        pattern=r"^[1-9]\d?%$|^due$|^due \+ [1-9]\d* (minutes|hours|days|months|working-days|office-hours)$"
    ),
]


class Approve(WholeWord):
    """审批：谁同意、多久、不同意怎么办。持有审批岗位的人自己来办，就算同意。"""

    by: list[str]
    """谁来审批：岗位、单位类型或关系。"""
    within: Duration | None = None
    """审批时限。"""
    refused: str | None = None
    """不同意时退到哪个阶段；stay 表示留在原阶段。必须写。"""
    silent: Literal["refuse", "grant", "escalate"] = "escalate"
    """到时没有答复：refuse 视为不同意，grant 视为同意，escalate 交上一级。"""


class Act(Word):
    """一个动作。键名是目录里的动词，或任意代码再用 verb 指明动词。"""

    verb: Verb | None = None
    """动作目录里的动词；键名本身就是动词时省略。"""
    title: str = ""
    """本地叫法；省略时用目录里的中文。"""
    from_: list[str] = Field(default=[], alias="from")
    """在哪些阶段可以办。"""
    to: str | None = None
    """办完进入哪个阶段；省略则留在原阶段。"""
    by: list[str] = []
    """谁可以办：岗位、单位类型，或关系（如 lead 主办单位、reporter 诉求人，全部见本页末）。必须写。"""
    where: Where = {}
    """只有符合这些条件的事项才能办这个动作。"""
    needs: list[str] = []
    """办这个动作必须交出的要件（26 种）；attempts:n 表示至少 n 次联系，sheet:x 等指向本包的表单、公示、表决。"""
    sheet: str | None = None
    """办这个动作时填的表单。"""
    reason: str | None = None
    """系统自己办时写明的理由；人来办的，由人选。"""
    approve: Approve | None = None
    """需要谁审批。"""
    assigns: list[Literal["lead", "joint", "summoned"]] = []
    """指派哪种单位：主办、协办、被吹哨。"""
    units: list[str] = []
    """指派时只能点这些类型的单位；省略则不限。"""
    opens: list[str] = []
    """连带新开什么：loop:流程（子事项）或 put:名册。"""
    tells: list[str] = []
    """办完告诉谁。"""
    not_by: list[str] = []
    """不得由办过这些动作的人来办。"""
    on: Trigger | None = None
    """系统在什么时候自己办：close 结论齐了，unsolved 说没解决，parts 子任务齐了，due 约定日到了，clock:x 到期，met:x 各方都停表。"""
    tier: str | None = None
    """改变层级：up 上一级，down 下一级，或写明层级。"""
    most: int | None = Field(default=None, ge=1)
    """一件事项里最多办几次。"""


class Rung(Word):
    """时限阶梯的一级：只提醒、告知、提请或请上级关注，从不移动阶段，也不另起计时。"""

    at: RungTime
    """何时：用去的百分比（80%）、到期（due）或过期多久（due + 2 working-days）。"""
    do: LadderWord
    """做什么：remind 提醒，tell 告知，propose-supervision 提请督办，watch-by 请某层级关注。"""
    to: str = ""
    """对谁：岗位、单位、关系或层级；watch-by 可写 up。"""


class Extend(WholeWord):
    """延期：须在到期前申请、由人批准。"""

    ask_before: Duration | HourOfDay
    """最迟何时申请：到期前多久，或到期当日几点（如 17:00）。"""
    by: Duration | None = None
    """一次最多延多久；省略则最多再延一个原来的期限。新的期限由申请人写明，批准人看着答复。"""
    most: int = Field(default=1, ge=1)
    """最多延几次。"""
    approve: Approve
    """谁批准延期。"""


class Clock(Word):
    """一只时钟：从哪些动作起算，到哪些动作停表。"""

    title: str = ""
    """时限的叫法。"""
    from_: list[str] = Field(alias="from", min_length=1)
    """起算的动作；open 表示登记。"""
    to: list[str] = Field(min_length=1)
    """停表的动作。"""
    within: Duration | Literal["given"] | dict[str, Duration] | None = None
    """最迟：一个期限；given 为起算动作约定的日期；或按 per 分档的表（须有 else）。"""
    wait: Duration | None = None
    """最早：等够这么久之前，停表的动作办不了。"""
    right: list[str] = []
    """谁在这段时间里可以行使权利；过期作废，不算超期。"""
    per: str | None = None
    """分档的依据（一个有取值表的事实）。"""
    pause: list[str] = []
    """哪些动作让计时暂停。"""
    resume: list[str] = []
    """哪些动作让计时恢复。"""
    each: Literal["lead", "joint", "summoned", "party"] | None = None
    """每个被指派的单位各有一只时钟。"""
    extend: Extend | None = None
    """可否延期、怎么延。"""
    ladder: list[Rung] = []
    """临期和超期时依次做什么。"""
    counting: Literal["legal", "elapsed"] = "legal"
    """怎么数：legal 按民法典201至203条（当日不算、到末日下班为止）；elapsed 只累计工作时间。"""


class Part(Word):
    """一项子任务：各有责任人、时限和先后。"""

    title: str
    """子任务名称。"""
    to: str
    """谁来办。"""
    loop: str | None = None
    """按哪个流程办；省略则办完即止。"""
    after: list[str] = []
    """等哪些子任务办完才开始。"""
    within: Duration | None = None
    """时限。"""


class Silence(WholeWord):
    """联系不上怎么算：有联系记录、等够时间，才可以销号，并且不算满意。"""

    attempts: int
    """至少联系几次。"""
    over: Duration
    """这些联系至少跨多久。"""
    ways: list[Literal["phone", "sms", "door", "web"]] = ["phone"]
    """用哪些方式联系。"""


class Reopen(WholeWord):
    """翻案：销号以后多久内可以重启。"""

    within: Duration
    """销号后多久内。"""
    to: str
    """回到哪个阶段。"""
    by: list[str]
    """谁可以提出。"""


class Close(Word):
    """怎么才算完：销号之前系统逐项核对。"""

    verdict: list[Proof] = []
    """销号要有哪些结论，写几个就要几个：resident 居民评价，recheck 换人复查合格，parties 各方当事人确认，published 公示期满无异议，decision 决定已送达，received 本人签收。"""
    silence: Silence | None = None
    """联系不上时的例外。"""
    reasons: list[str] = []
    """可以依规终结的理由。"""
    rework: str | None = None
    """没解决时退回哪个阶段。"""
    reopen: Reopen | None = None
    """销号后可否翻案。"""
    spot_check: str | None = None
    """销号后按哪个抽签抽查。"""


class Merge(WholeWord):
    """并单：系统只认同一渠道、同一外部编号；其余只提示，由人来并。"""

    same: list[Literal["reporter", "category", "place", "cause", "party"]]
    """哪些相同就提示可能重复。"""
    over: Duration
    """在多长时间内。"""


class Loop(Word):
    """一种事项的办理流程。"""

    kind: Kind
    """事项种类。"""
    title: str
    """流程名称。"""
    like: str | None = None
    """变体：先照抄那个流程（合成之后），再只改写明的。"""
    tier: Tier | None = None
    """起步层级。"""
    where: Where = {}
    """哪些事项走这个流程；最具体的优先，都不符合的走该种类的普通流程。"""
    sheet: str | None = None
    """登记时填的表单。"""
    protects: list[Literal["reporter", "party", "person"]] = []
    """谁的身份另加保护、另设权限。"""
    merge: Merge | None = None
    """怎样提示重复。"""
    lamps: list[Annotated[int, Field(ge=1, le=99)]] = Field(default=[50, 80], min_length=2, max_length=2)
    """用去时限的百分之几亮黄灯、亮红灯。"""
    stages: dict[str, str]
    """阶段代码和中文名；第一个是起点。"""
    ends: list[str]
    """终点阶段。"""
    acts: dict[str, Act]
    """动作表。"""
    clocks: dict[str, Clock] = {}
    """时钟表。"""
    parts: dict[str, Part] = {}
    """固定的子任务。"""
    parts_on: str | None = None
    """哪个动作开出这些子任务。"""
    adds_parts: list[str] = []
    """哪些动作可以再列子任务（名称、谁、期限、先后）。"""
    close: Close = Close()
    """怎么才算完。"""
