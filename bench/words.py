"""What the fictional residents of the measurements say: the stories' sentences, said in many ways."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from typing import Any

from youying.stories.lives import GIVEN, SURNAMES, demands

BEFORE = ("", "您好，", "反映一个情况：", "又来说这件事，", "麻烦看看，", "上个月就说过，", "我是住户，", "替老人问一句，",
          "物业不管，", "请社区出面，", "拍了照片，", "已经第三天了，")  # fmt: skip
AFTER = ("", "请尽快来人。", "电话打过没人接。", "邻居都有意见。", "家里有老人和孩子。", "希望给个准话。", "已经影响出行。",
         "晚上更厉害。", "下雨天特别明显。", "谢谢师傅们。", "上回修过又坏了。", "楼上楼下都一样。", "请把根子找到。",
         "请回个电话。", "能不能当天来看。", "不想再拖到过年。")  # fmt: skip
SPOTS = ("东门", "西门", "北门", "车棚旁", "垃圾房边", "花坛后面", "三层拐角", "六层", "一层大厅", "地下室", "自行车棚",
         "快递柜旁", "健身器材那里", "变电箱边", "门卫室后头", "小广场")  # fmt: skip
CHANNELS = ("qr", "hotline", "wechat", "phone", "walk-in", "patrol")
CHANNEL_WEIGHTS = (35, 30, 15, 10, 7, 3)
DEMAND_WEIGHTS = (9, 7, 16, 9, 6, 7, 5, 4, 13, 8, 7, 2, 5, 2)
SECRET_LETTERS = "234679ACDEFGHJKMNPQRTWXY"


@dataclass(frozen=True, slots=True)
class Said:
    """What one resident says, with who they are and what came of it."""

    text: str
    category: str
    urgency: str
    unit: str
    done: str
    channel: str
    name: str
    phone: str
    secret: str


@cache
def texts(place: int) -> tuple[str, ...]:
    """Every way of saying one demand."""
    return tuple(
        f"{before}{sentence}{spot and '就在' + spot + '。'}{after}"
        for sentence in demands()[place]["words"]
        for before in BEFORE
        for spot in ("", *SPOTS)
        for after in AFTER
    )


def say(chance: random.Random, *, urgency: str) -> Said:
    """Let a resident speak of something of this urgency."""
    known = of_urgency(urgency)
    place = chance.choices(known, [DEMAND_WEIGHTS[n % len(DEMAND_WEIGHTS)] for n in known])[0]
    demand: dict[str, Any] = demands()[place]
    return Said(
        text=chance.choice(texts(place)),
        category=demand["category"],
        urgency=urgency,
        unit=demand["unit"],
        done=demand["done"],
        channel=chance.choices(CHANNELS, CHANNEL_WEIGHTS)[0],
        name=chance.choice(SURNAMES) + chance.choice(GIVEN),
        phone=f"139{chance.randrange(10**8):08d}",
        secret="".join(chance.choices(SECRET_LETTERS, k=8)),
    )


@cache
def of_urgency(urgency: str) -> tuple[int, ...]:
    """The demands of this urgency."""
    return tuple(n for n, demand in enumerate(demands()) if demand["urgency"] == urgency)


def urgencies() -> tuple[list[str], list[int]]:
    """The urgencies with how often each comes."""
    found: dict[str, int] = {}
    for n, demand in enumerate(demands()):
        found[demand["urgency"]] = found.get(demand["urgency"], 0) + DEMAND_WEIGHTS[n % len(DEMAND_WEIGHTS)]
    return list(found), list(found.values())
