"""Full-text search beside a LIKE scan of the same words."""

from __future__ import annotations

from bench.figures import Figure, median, p95, say_ms, timed_ms
from bench.street import NOW, District
from youying.kernel.moments import still
from youying.matters.models import Matter
from youying.matters.queries import Filters, worklist

SEARCHES = (
    "下水道返水",
    "八十岁",
    "井盖 东门",
    "花坛后面",
    "电梯 七楼",
    "广场舞",
    "飞线 地下室",
    "老年卡",
    "漏水 快递柜旁",
    "没有的词",
)
TIMES = 3


def measure(district: District, where: str) -> list[Figure]:
    """Both ways of finding the newest fifty matters that say something, open or not."""
    viewer = district.staff["dispatcher"]
    found, scanned = [], []
    with still(NOW):
        for words in SEARCHES:
            asked = Filters(state="all", text=words)
            found += [timed_ms(lambda asked=asked: worklist(viewer, asked, sort="-received")) for _ in range(TIMES)]
            scanned.append(timed_ms(lambda words=words: _scan(words)))
    times = f"LIKE scan {say_ms(scanned)}: {median(scanned) / median(found):.0f} times the median"
    return [
        Figure(
            f"full-text search, {len(SEARCHES)} searches",
            where,
            say_ms(found),
            times,
            "p95 ≤ 60 ms at 1 M",
            p95(found) <= 60,
        )
    ]


def _scan(words: str) -> None:
    rows = Matter.objects.all()
    for word in words.split():
        rows = rows.filter(words__contains=word)
    list(rows.order_by("-opened_at")[:50])
    rows.count()
