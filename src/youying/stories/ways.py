"""Who a visitor of the demonstration can be, place by place, and what can be seen there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """One person to sign in as: what for, and the page of the desk where that begins."""

    username: str
    title: str
    sees: str
    page: str = "/desk/"


@dataclass(frozen=True, slots=True)
class Town:
    """One place of the demonstration, what it is about, who works there and what residents can open."""

    title: str
    about: str
    roles: tuple[Role, ...]
    open_to_all: tuple[tuple[str, str], ...] = ()


TOWNS = (
    Town(
        "槐花里社区", "分派、研判、解决、回访",
        (
            Role("secretary", "社区书记 林晓禾", "今天先办哪几件；改一个数看会变什么"),
            Role("duty", "值班员 韩树成", "接电话登记、分派；夜里来的先到他手上"),
            Role("grid", "网格员 苏敏", "上门回访，问居民解决了没有"),
            Role("heshun", "承办单位 董建平（和顺物业）", "接单、联系、办理、办结"),
        ),
        (("我要说", "/say/"),),
    ),
    Town(
        "柳湾街道、柳湾区", "热线工单、数字、留痕",
        (
            Role("dispatcher", "派单员 周智远", "派单，导入热线的表", "/desk/matters/"),
            Role("caller", "回访员 方静", "电话回访"),
            Role("leader", "街道领导 何立诚", "响应、解决、满意，点件数看是哪些", "/desk/rates/"),
            Role("shizheng", "承办单位 罗大勇（区市政所）", "区里单位的一天"),
            Role("auditor", "审计员 严明达", "校验全部留痕，什么也改不了", "/desk/audit/"),
        ),
    ),
    Town(
        "柳湾镇", "三诉三办：难诉联办，督办",
        (
            Role("town-leader", "镇领导 邹正", "难诉清单，主持明天的联席会", "/desk/consultations/"),
            Role("town-supervisor", "督办专员 纪明", "研判隐患，督办拖着的"),
            Role("town-dispatcher", "派单员 冯一凡", "交办，转难诉联办", "/desk/matters/"),
            Role("anju", "承办单位 马力（安居维修队）", "会上分到的任务"),
        ),
    ),
    Town(
        "灯市镇", "吹哨报到：水管爆了，吹了哨，一家还没到",
        (
            Role("ds-leader", "镇领导 祝远山", "哪几家该到、到了没有", "/desk/whistles/"),
            Role("ds-power", "被吹哨的部门 雷明（灯市供电公司）", "最上面就是哨：签收，报到"),
            Role("ds-property", "被督办的单位 蔡广田（灯安物业）", "督办函，答复", "/desk/supervisions/"),
            Role("ds-secretary", "社区书记 贺兰芝", "现场会商，给到场的部门打分"),
        ),
    ),
    Town(
        "柳树沟社区", "四单式：点单、派单、接单、评单",
        (
            Role("liushu-secretary", "社区书记 陆远山", "给居民点的单派一家，看推荐的理由"),
            Role("liushu-minge", "签约单位 钱师傅（民歌家电维修部）", "接单，上门，送达"),
            Role("liushu-lianfa", "签约单位 赵师傅（联发律师事务所）", "接单，上门，送达"),
        ),
        (("点单", "/menu/"), ("资源清单、服务清单", "/partners/")),
    ),
    Town(
        "蓝桥社区", "24小时值守",
        (
            Role("lanqiao-secretary", "社区书记 郭怀玉", "排班、换班、交接班", "/desk/duty/"),
            Role("lanqiao-d1", "值班员 陶然", "自己的班，问人换班，写交接班", "/desk/duty/"),
        ),
        (("值班电话", "/call/"),),
    ),
    Town(
        "望江区", "一件事联办：继承过户，一次递交，四步一个进度",
        (
            Role("wj-window", "综合窗口 石映秋", "哪一步在谁手上、等哪一步"),
            Role("wj-tax", "税务窗口 易清（望江区税务局）", "轮到自己的那一步"),
        ),
    ),
    Town(
        "柳荫社区", "共建与志愿",
        (
            Role("liuyin-secretary", "社区书记 方若谷", "楼栋长、驻区单位、志愿者的名册", "/desk/registers/"),
        ),
        (("公示栏：志愿积分", "/board/"),),
    ),
    Town("全部辖区", "账号、区划、机制包", (Role("administrator", "系统管理员", "单位、岗位、账号", "/desk/units/"),)),
)  # fmt: skip
ROLES = {role.username: role for town in TOWNS for role in town.roles}
BY_LINK, LINK_MADE_BY = "liushu-wenxin", "liushu-secretary"
"""The partner that works by a personal link, and who gives it."""


def said_of(town: Town, base: str, made: dict[str, str]) -> Iterator[str]:
    """The lines of one place: who of it has a link, then what residents open; nothing where nobody of it is there."""
    held = [role for role in town.roles if role.username in made]
    if not held:
        return
    yield f"\n{town.title}（{town.about}）"
    for role in held:
        yield f"  {role.title}：{role.sees}\n    {made[role.username]}"
    for title, page in town.open_to_all:
        yield f"  居民 {title}：{base}{page}"
