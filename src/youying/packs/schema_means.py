"""The sections of what is agreed, paid, posted, judged and read off."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from youying.packs.schema_base import Duration, Every, ShareFraction, VoteFraction, Where, WholeWord, Word

StatuteVote = Literal["owners", "owners-special", "collective-members"]
StatutePosting = Literal["village-affairs", "residents-affairs"]


class Forum(Word):
    """议事会：常设的议事形式。"""

    title: str
    """名称。"""
    host: list[str]
    """谁召集。"""
    seats: dict[str, int] = {}
    """各方至少几人到场才算有效。"""
    notice: Duration | None = None
    """提前多久通知。"""
    called_by: list[str] = []
    """谁可以提议召开。"""
    loop: str
    """议题走哪个流程。"""
    ways: list[Literal["room", "yard", "home", "online", "lane"]] = ["room"]
    """在哪里开。"""
    sheet: str | None = None
    """会议记录表。"""
    decision: str | None = None
    """按哪个表决规则定。"""
    routes: dict[str, str] = {}
    """各类议题分别走哪个流程（loop:x）。"""


class Decision(Word):
    """共同决定：表决规则。"""

    title: str
    """表决事项。"""
    voters: str
    """谁有表决权：关系、register:x 或 post:x。"""
    counts: list[Literal["heads", "area", "seats", "households"]] = Field(min_length=1)
    """按什么计票：人数、面积、席位、户数；写了几种，几种都要通过。"""
    turnout: VoteFraction
    """参与比例：>= 2/3、> 1/2、all 或 none。"""
    pass_: VoteFraction = Field(alias="pass")
    """同意比例。"""
    pass_of: Literal["cast", "present", "due", "entitled"]
    """同意比例的分母：cast 参与者，present 到会者，due 应到会者，entitled 全体。"""
    law: StatuteVote | None = None
    """属于哪一种法定表决：业主一般事项、业主特别事项、集体经济组织成员大会。"""
    notice: Duration | None = None
    """提前多久公告。"""
    open_for: list[Duration] = Field(default=[], max_length=2)
    """投票期最短和最长。"""
    proxies: int | None = None
    """一人最多代几票。"""
    ways: list[Literal["paper", "online", "meeting", "door"]] = ["meeting"]
    """投票方式。"""
    secret: bool = False
    """是否无记名。"""
    publish: str | None = None
    """结果按哪个公示公布。"""
    clause: str = ""
    """依据条款。"""


class Share(Word):
    """分摊：各方各出多少。"""

    title: str
    """名称。"""
    sides: dict[str, ShareFraction]
    """各方份额，合计为一；homes 表示居民。"""
    inside: dict[str, Literal["equal", "area", "heads", "use"]] = {}
    """一方内部怎么分：平均、按面积、按人头、按用量。"""
    purse: str
    """收进哪个账户。"""
    agreed: bool = False
    """会上可否另行商定份额。"""
    collect: Duration | None = None
    """多久收齐。"""


class Draw(Word):
    """抽签或抽查：名单先封存，人人可复算。"""

    title: str
    """名称。"""
    pool: str
    """从哪里抽。"""
    where: Where = {}
    """只从符合这些条件的里面抽。"""
    pick: str = Field(pattern=r"^(all|[1-9]\d*|[1-9]\d?%)$")
    """抽多少：all 每家一签，n 个，或百分比。"""
    gives: str = ""
    """抽中得到什么：register:x 里的一项，或一句说明。"""
    witness: list[str] = []
    """谁在场见证。"""


class PurseApproval(Word):
    """一档开支审批。"""

    over: int
    """超过多少（账户单位）要审批。"""
    by: list[str]
    """谁审批。"""
    refused: str | None = None
    """不同意怎么办。必须写。"""


class Earning(Word):
    """办结一单就自己记上的一笔收入。"""

    of: str
    """哪个流程的单办结后记：loop:流程。"""
    each: int = Field(ge=1)
    """每一单记多少（账户单位），记给这一单的服务人。"""
    where: Where = {}
    """只记符合这些条件的单。"""


class Purse(Word):
    """账户：钱、积分或工时，有收有支有余额。"""

    title: str
    """名称。"""
    of: str
    """给谁立账，每一个一本（写 building 就是每栋楼一本）。"""
    unit: Literal["yuan", "points", "hours"] = "yuan"
    """单位。"""
    grant: int | None = None
    """每期拨入多少。"""
    every: Every | None = None
    """多久拨一次。"""
    takes: dict[str, str] = {}
    """收入项目。"""
    earns: dict[str, Earning] = {}
    """哪些收入项目由程序在办结时自己记；键是收入项目。"""
    spends: dict[str, str] = {}
    """支出项目。"""
    needs: list[str] = []
    """每笔要什么凭证。"""
    approve: list[PurseApproval] = []
    """开支审批分档。"""
    publish: str | None = None
    """按哪个公示公布收支。"""


class Objection(WholeWord):
    """异议：谁受理、多久答复。"""

    to: list[str]
    """谁受理。"""
    within: Duration
    """多久内答复。"""


class Publication(Word):
    """公示。"""

    title: str
    """名称。"""
    shows: str
    """公示什么：ledger:x、purse:x、decision:x 等。"""
    days: Duration
    """公示多久。"""
    at: list[Literal["portal", "board", "door", "group", "bulletin"]] = ["portal"]
    """贴在哪里：网上、公示栏、单元门、居民群、公报。"""
    objection: Objection | None = None
    """怎样提异议。"""
    hides: list[str] = []
    """哪些栏目不公开。"""
    law: StatutePosting | None = None
    """属于哪一种法定公开：村务公开、居务公开。"""
    clause: str = ""
    """依据条款。"""


class Line(Word):
    """考评的一行。"""

    title: str
    """名称。"""
    takes: str
    """分数从哪里来：figure:x 或 sheet:x。"""
    weight: int = Field(ge=1, le=100)
    """权重（合计 100）。"""


class Band(Word):
    """考评等次。"""

    at_least: float | int
    """至少多少分。"""
    title: str
    """等次名称。"""
    then: list[str] = []
    """评上这个等次以后：tell:谁、open:流程、publish:公示。"""


class Assessment(Word):
    """考评。"""

    title: str
    """名称。"""
    of: str
    """考评谁。"""
    lines: dict[str, Line]
    """考评内容。"""
    bands: list[Band] = []
    """等次。"""
    objection: Objection | None = None
    """怎样提异议。"""
    publish: str | None = None
    """结果按哪个公示公布。"""


class Ledger(Word):
    """台账、清单、日报：从留痕里读出来，不用填。"""

    title: str
    """名称。"""
    of: str
    """列什么。"""
    where: Where = {}
    """只列符合这些条件的。"""
    columns: list[str]
    """栏目（事实）。"""
    group: list[str] = []
    """按什么分组。"""
    period: Every | None = None
    """每期一份。"""
    figures: list[str] = []
    """附上哪些数字。"""
    text: str = ""
    """日报正文模板：{date}、{数字代码}、{by:事实}、{top:事实:n}。"""


class Figure(Word):
    """一个数字：件数、合计、率或同比，从留痕里算出来。"""

    title: str
    """名称。"""
    of: str
    """数什么。"""
    where: Where = {}
    """只数符合这些条件的（写率时，这是分子）。"""
    base: Where | None = None
    """写了这一项就是率；分母是符合这些条件的。"""
    sum: str | None = None
    """不数件数，而把这个事实加起来。"""
    compare: Literal["last-year", "last-period"] | None = None
    """与上年同期或上期相比的变化。"""
    exclude: list[str] = []
    """按哪些理由剔除（剔除的另列，看得见）。"""
    empty: Literal["none", "zero", "full"] | None = None
    """分母为零时：none 不显示，zero 算 0，full 算 100%。率和同比必须写。"""


class Watch(Word):
    """盯办：符合条件就提醒，由人研判。"""

    title: str
    """名称。"""
    of: str
    """盯什么。"""
    where: Where = {}
    """只盯符合这些条件的。"""
    group: list[str] = []
    """按什么分组来数。"""
    over: Duration | None = None
    """在多长时间内数。"""
    count: int | None = Field(default=None, ge=1)
    """满几件就提醒。"""
    times: float | int | None = None
    """达到平常的几倍就提醒。"""
    then: list[str]
    """提醒以后：tell:谁、open:流程、put:名册。"""
    judged_by: list[str] = []
    """谁来研判。必须写。"""
