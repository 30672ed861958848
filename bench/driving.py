"""Clients that fill in a form over HTTP, in a process of their own: `python -m bench.driving '{"port": …}'`."""

from __future__ import annotations

import http.client
import json
import random
import re
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
SENTENCES = ("地下室下水道又返水了，味儿顺着楼道往上走，老人下楼得踩着砖走。", "小区东门外第二盏路灯不亮有一个星期了，晚上接孩子看不清路。",
             "楼道两个礼拜没人打扫了，烟头纸屑一地。", "单元门禁坏了半个月，外卖和生人随便进出。", "电梯又停在七楼不动了，楼上有坐轮椅的老人下不来。",
             "消防通道天天停满车，救护车进不来。", "家里暖气片半截凉，屋里只有十五度，有八十岁老人。", "六楼顶漏水，修了两次下雨还漏，墙皮都掉了。")  # fmt: skip
TAILS = (
    "请尽快来人。",
    "电话打过没人接。",
    "邻居都有意见。",
    "希望给个准话。",
    "晚上更厉害。",
    "能不能当天来看。",
    "请回个电话。",
    "",
)


@dataclass
class Client:
    """One resident with a phone: a connection that stays, a cookie and a form's token."""

    port: int
    address: str
    kind: str
    buildings: list[int]
    chance: random.Random
    spent_ms: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def open(self) -> None:
        """Fetch the form."""
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self.line.request("GET", self.address)
        answer = self.line.getresponse()
        page = answer.read().decode()
        self.cookies = "; ".join(
            part.split(";")[0] for name, part in answer.getheaders() if name.lower() == "set-cookie"
        )
        self.token = TOKEN.search(page)[1]  # type: ignore[index]

    def send(self) -> None:
        """Fill it in and send it; the time until the answer is read."""
        body = urlencode({"csrfmiddlewaretoken": self.token, **FORMS[self.kind](self)}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookies}
        started = time.perf_counter()
        self.line.request("POST", self.address, body, headers)
        answer = self.line.getresponse()
        said = answer.read()
        self.spent_ms.append((time.perf_counter() - started) * 1000)
        if answer.status not in (200, 302, 303):
            self.failed.append(f"{answer.status} {said[:200].decode(errors='replace')}")

    def words(self) -> str:
        """What this resident says now."""
        return self.chance.choice(SENTENCES) + self.chance.choice(TAILS) + str(self.chance.randrange(10**6))


def _demand(client: Client) -> dict[str, str]:
    return {
        "text": client.words(),
        "building": str(client.chance.choice(client.buildings)),
        "name": "陈桂芳",
        "phone": f"139{client.chance.randrange(10**8):08d}",
    }


def _ticket(client: Client) -> dict[str, str]:
    words = client.words()
    email = f"r{client.chance.randrange(10**6)}@example.org"
    return {"queue": "1", "title": words[:30], "body": words, "submitter_email": email, "priority": "3"}


FORMS: dict[str, Callable[[Client], dict[str, str]]] = {"demand": _demand, "ticket": _ticket}


def drive(
    port: int, address: str, kind: str, *, clients: int, requests: int, buildings: list[int], seed: int
) -> dict[str, object]:
    """So many clients send so many forms together; what each took."""
    people = [Client(port, address, kind, buildings, random.Random(seed * 100 + n)) for n in range(clients)]
    for person in people:
        person.open()
    started = time.perf_counter()
    threads = [threading.Thread(target=_send_many, args=(person, requests // clients)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = [ms for person in people for ms in person.spent_ms]
    failed = [say for person in people for say in person.failed]
    return {"seconds": time.perf_counter() - started, "spent_ms": spent, "failed": failed[:3], "failures": len(failed)}


def _send_many(person: Client, count: int) -> None:
    for _ in range(count):
        person.send()


if __name__ == "__main__":
    print(json.dumps(drive(**json.loads(sys.argv[1]))))  # noqa: T201 - the answer itself, for the measuring process
