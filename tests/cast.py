"""The cast: fictional people of a fictional town, built through the real acts the first time a test names them.

杏江省 云川市 柳湾区 has two streets; 柳湾街道 has two communities. Areas themselves belong to `places`; here they are
paths only. `Cast()` is a world without anybody; `cast.su_min` makes 苏敏, her account, her unit and her post.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from youying.access import actions
from youying.access.models import Account, Post, Unit
from youying.access.queries import viewer_of
from youying.access.rules import ADMINISTRATOR_POWERS
from youying.kernel.viewers import PUBLIC, SYSTEM, Viewer

PROVINCE = "/99"
CITY = "/99/9901"
COUNTY = "/99/9901/990101"
STREET = "/99/9901/990101/990101001"
HUAILI = "/99/9901/990101/990101001/990101001001"
DUKOU = "/99/9901/990101/990101001/990101001002"
OTHER_STREET = "/99/9901/990101/990101002"
OTHER_COMMUNITY = "/99/9901/990101/990101002/990101002001"

AREAS: tuple[tuple[str, str, str, str], ...] = (
    ("99", "杏江省", "province", PROVINCE),
    ("9901", "云川市", "city", CITY),
    ("990101", "柳湾区", "county", COUNTY),
    ("990101001", "柳湾街道", "town", STREET),
    ("990101001001", "槐花里社区", "community", HUAILI),
    ("990101001002", "渡口社区", "community", DUKOU),
    ("990101002", "临溪街道", "town", OTHER_STREET),
    ("990101002001", "石桥社区", "community", OTHER_COMMUNITY),
)
"""Code, name, level and path, parents first."""

PASSWORD = "槐花开了满院香 2026"
"""What an account of a test chooses when a test has it choose; nothing ships with it."""


@dataclass(frozen=True)
class Resident:
    """Somebody who lives there and has no account."""

    name: str
    phone: str
    home: str


CHEN_GUIFANG = Resident("陈桂芳", "13900010001", "槐花里3号楼2单元301")
WU_JIADONG = Resident("吴家栋", "13900010002", "槐花里3号楼2单元302")
ZHAO_XUEMEI = Resident("赵雪梅", "13900010003", "渡口7号楼1单元502")
SUN_DESHUN = Resident("孙德顺", "13900010004", "槐花里5号楼1单元101")


@dataclass(frozen=True)
class Member:
    """Somebody with an account in a post."""

    account: Account
    post: Post
    viewer: Viewer

    @property
    def name(self) -> str:
        """What people call them."""
        return self.account.name


@dataclass
class Cast:
    """The people of one test; each is made when first named, by the system, through the real acts."""

    by: Viewer = SYSTEM
    public: Viewer = PUBLIC

    def unit(self, code: str, *, title: str, kind: str, reach: str) -> Unit:
        """A unit of this world, made once."""
        known = Unit.objects.filter(code=code).first()
        return known or actions.create_unit(by=self.by, code=code, title=title, kind=kind, reach=reach)

    def member(
        self, username: str, name: str, *, powers: Sequence[str], unit: Unit | None = None, **post: Any
    ) -> Member:
        """Somebody with an account and one post; `post` says code, title and reach."""
        account = actions.create_account(username, by=self.by, name=name)
        held = actions.appoint(account, by=self.by, unit=unit, powers=powers, **post)
        return Member(account, held, viewer_of(held))

    @cached_property
    def community_office(self) -> Unit:
        """槐花里社区居委会."""
        return self.unit("huaili", title="槐花里社区居委会", kind="community-office", reach=HUAILI)

    @cached_property
    def other_community_office(self) -> Unit:
        """渡口社区居委会."""
        return self.unit("dukou", title="渡口社区居委会", kind="community-office", reach=DUKOU)

    @cached_property
    def centre(self) -> Unit:
        """柳湾街道综治中心, which dispatches and calls back."""
        return self.unit("liuwan-centre", title="柳湾街道综治中心", kind="centre", reach=STREET)

    @cached_property
    def housing(self) -> Unit:
        """柳湾区住建局."""
        return self.unit("housing", title="柳湾区住建局", kind="department", reach=COUNTY)

    @cached_property
    def property_company(self) -> Unit:
        """安槐物业."""
        return self.unit("anhuai", title="安槐物业服务公司", kind="property-company", reach=HUAILI)

    @cached_property
    def su_min(self) -> Member:
        """Grid worker of 槐花里."""
        return self.member(
            "sumin",
            "苏敏",
            code="grid-worker",
            title="网格员",
            reach=HUAILI,
            unit=self.community_office,
            powers=("view", "intake", "act"),
        )

    @cached_property
    def lin_xiaohe(self) -> Member:
        """Party secretary of 槐花里."""
        return self.member(
            "linxiaohe",
            "林晓禾",
            code="secretary",
            title="社区党委书记",
            reach=HUAILI,
            unit=self.community_office,
            powers=("view", "intake", "act", "unmask", "rates"),
        )

    @cached_property
    def shen_yulan(self) -> Member:
        """Grid worker of 渡口, the community next door."""
        return self.member(
            "shenyulan",
            "沈玉兰",
            code="grid-worker",
            title="网格员",
            reach=DUKOU,
            unit=self.other_community_office,
            powers=("view", "intake", "act"),
        )

    @cached_property
    def zhou_zhiyuan(self) -> Member:
        """Dispatcher of 柳湾街道."""
        return self.member(
            "zhouzhiyuan",
            "周智远",
            code="dispatcher",
            title="派单员",
            reach=STREET,
            unit=self.centre,
            powers=("view", "intake", "act", "unmask", "export", "rates"),
        )

    @cached_property
    def guo_xiaolin(self) -> Member:
        """Caller (回访员) of 柳湾街道."""
        return self.member(
            "guoxiaolin",
            "郭晓琳",
            code="caller",
            title="回访员",
            reach=STREET,
            unit=self.centre,
            powers=("view", "act", "unmask"),
        )

    @cached_property
    def zheng_wenbo(self) -> Member:
        """Clerk of the housing department."""
        return self.member(
            "zhengwenbo",
            "郑文博",
            code="clerk",
            title="科员",
            reach=COUNTY,
            unit=self.housing,
            powers=("view", "act", "unmask"),
        )

    @cached_property
    def dong_jianping(self) -> Member:
        """Manager of the property company."""
        return self.member(
            "dongjianping",
            "董建平",
            code="property-manager",
            title="物业项目经理",
            reach=HUAILI,
            unit=self.property_company,
            powers=("view", "act"),
        )

    @cached_property
    def he_licheng(self) -> Member:
        """Leader of 柳湾街道."""
        return self.member(
            "helicheng",
            "何立诚",
            code="street-leader",
            title="街道办事处主任",
            reach=STREET,
            powers=("view", "act", "unmask", "protected", "export", "approve-export", "rates"),
        )

    @cached_property
    def liang_yongan(self) -> Member:
        """Mediator of 槐花里."""
        return self.member(
            "liangyongan",
            "梁永安",
            code="mediator",
            title="人民调解员",
            reach=HUAILI,
            unit=self.community_office,
            powers=("view", "act"),
        )

    @cached_property
    def fang_xiaoyu(self) -> Member:
        """Volunteer of 槐花里."""
        return self.member("fangxiaoyu", "方小雨", code="volunteer", title="志愿者", reach=HUAILI, powers=("view",))

    @cached_property
    def ye_qing(self) -> Member:
        """Administrator of the whole installation."""
        return self.member(
            "yeqing", "叶青", code="administrator", title="系统管理员", reach="/", powers=ADMINISTRATOR_POWERS
        )

    @cached_property
    def ma_ruilin(self) -> Member:
        """Administrator of 柳湾街道 alone."""
        return self.member(
            "maruilin", "马瑞林", code="administrator", title="街道管理员", reach=STREET, powers=ADMINISTRATOR_POWERS
        )

    @cached_property
    def tang_qiyuan(self) -> Member:
        """Dispatcher of the other street, with the same powers as 周智远."""
        return self.member(
            "tangqiyuan",
            "唐其远",
            code="dispatcher",
            title="派单员",
            reach=OTHER_STREET,
            powers=("view", "intake", "act", "unmask", "export", "rates"),
        )

    @cached_property
    def he_zhiqiu(self) -> Member:
        """A stranger: an account in a post without any power, in the other street."""
        return self.member("hezhiqiu", "贺知秋", code="guest", title="访客", reach=OTHER_COMMUNITY, powers=())


def sign_in(client: Any, member: Member | Account) -> Any:
    """Sit somebody down behind a test client, as a password would; gives the client."""
    account = member if isinstance(member, Account) else member.account
    token = actions.sign_in(account, by=PUBLIC, device="测试")
    session = client.session
    session["seat"] = token
    session.save()
    client.cookies["sessionid"] = session.session_key
    return client
