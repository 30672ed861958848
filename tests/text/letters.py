"""Invented demands: enough different sentences to learn from, no real person or place in them."""

from __future__ import annotations

PLACES = ["清泉里", "槐安苑", "北坡巷", "云台家园", "石桥路", "南塘新村", "望湖居"]
TIMES = ["上周起", "昨天夜里", "入冬以后", "国庆节那几天", "雨后", "每天早晚高峰", "最近半个月"]
ENDINGS = [
    "盼早日处理", "已打过两次电话", "物业推给社区", "请派人查看", "老人孩子都受影响", "群里很多住户都在说", "想问由哪个单位管",
]  # fmt: skip
FAULTS = {
    "供暖": [
        "暖气片冰凉，室温十四度", "换热站停运，供暖中断", "暖气管道锈穿漏水", "供热公司收了费却不供热", "顶楼供暖温度一直上不来",
        "暖气阀门打不开", "地暖不热，要求退供暖费",
    ],
    "噪音": [
        "广场舞音响吵到十点", "工地夜间施工噪音扰民", "邻居装修电钻声刺耳", "烧烤店喧哗吵得睡不着", "空调外机噪音很响",
        "楼上拖桌椅的噪音不断", "商铺喇叭循环叫卖太吵",
    ],
    "路灯": [
        "路灯坏了，晚上漆黑一片", "路灯不亮，有人摔倒", "整条街路灯熄灭没有照明", "路灯杆歪斜快要倒", "路灯白天亮着晚上不亮",
        "路灯忽明忽暗闪个不停", "新修的路没有装路灯",
    ],
    "停车": [
        "消防通道停满私家车", "车位太少，外来车辆乱停", "地下车库停车费乱涨", "僵尸车长期占用停车位", "门口违停堵住出口",
        "停车位被地锁霸占", "停车收费没有公示",
    ],
}  # fmt: skip


def demands() -> list[tuple[str, str]]:
    """Give 196 pairs of text and label, of which any two share little but their subject."""
    return [
        (f"{PLACES[(row * 3 + at) % 7]}{TIMES[(row + at * 2) % 7]}{fault}，{ENDINGS[(row * 2 + at * 3) % 7]}。", topic)
        for topic, faults in FAULTS.items()
        for at, fault in enumerate(faults)
        for row in range(7)
    ]


def many_demands() -> list[tuple[str, str]]:
    """Give 588 pairs, enough for a space of meaning; the same subjects told with other places, times and endings."""
    return [
        (
            f"{PLACES[(row + at + turn) % 7]}{TIMES[(row * turn + at) % 7]}{fault}，{ENDINGS[(row + turn * 2) % 7]}。",
            topic,
        )
        for turn in range(1, 4)
        for topic, faults in FAULTS.items()
        for at, fault in enumerate(faults)
        for row in range(7)
    ]


CODES = {
    "供暖": "utilities.heating.not-warm", "噪音": "noise.living.neighbour-noise", "路灯": "city.lamps.lamp-out",
    "停车": "traffic.parking.stray-parking",
}  # fmt: skip
LETTERS = [(text, CODES[topic]) for text, topic in demands()]
