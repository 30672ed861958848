"""Clients that fill in a form over HTTP, in a process of their own: `python -m bench.driving '{"port": …}'`."""

from __future__ import annotations

import http.client
import json
import random
import re
import sys
import threading
import time
import uuid
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
    buildings: list[list[int]]
    chance: random.Random
    spent_ms: list[float] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def open(self) -> None:
        """Come from an address of one's own and fetch the form."""
        whose = f"127.{self.chance.randrange(1, 250)}.{self.chance.randrange(250)}.{self.chance.randrange(1, 250)}"
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(whose, 0))
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
        if answer.status != ANSWERS[self.kind]:
            self.failed.append(f"{answer.status} {said[:200].decode(errors='replace')}")

    def words(self) -> str:
        """What this resident says now."""
        return self.chance.choice(SENTENCES) + self.chance.choice(TAILS) + str(self.chance.randrange(10**6))


def _demand(client: Client) -> dict[str, str]:
    compound, building = client.chance.choice(client.buildings)
    return {
        "text": client.words(),
        "token": uuid.UUID(int=client.chance.getrandbits(128)).hex,
        "compound": str(compound),
        "building": str(building),
        "name": "陈桂芳",
        "phone": f"139{client.chance.randrange(10**8):08d}",
    }


def _ticket(client: Client) -> dict[str, str]:
    words = client.words()
    email = f"r{client.chance.randrange(10**6)}@example.org"
    return {"queue": "1", "title": words[:30], "body": words, "submitter_email": email, "priority": "3"}


FORMS: dict[str, Callable[[Client], dict[str, str]]] = {"demand": _demand, "say": _demand, "ticket": _ticket}
ANSWERS = {"demand": 200, "say": 302, "ticket": 302}
EACH = 20
"""A telephone sends so many forms at most; then the next resident comes, from another address."""


def drive(
    port: int, address: str, kind: str, *, clients: int, requests: int, buildings: list[list[int]], seed: int
) -> dict[str, object]:
    """So many clients send so many forms together; what each took."""
    each = requests // clients
    queues = [
        [Client(port, address, kind, buildings, random.Random(f"{seed} {n} {m}")) for m in range(-(-each // EACH))]
        for n in range(clients)
    ]
    people = [person for queue in queues for person in queue]
    for person in people:
        person.open()
    ready(len(people))
    started = time.perf_counter()
    threads = [threading.Thread(target=_send_many, args=(queue, each)) for queue in queues]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spent = [ms for person in people for ms in person.spent_ms]
    failed = [say for person in people for say in person.failed]
    return {"seconds": time.perf_counter() - started, "spent_ms": spent, "failed": failed[:3], "failures": len(failed)}


def _send_many(queue: list[Client], count: int) -> None:
    for n in range(count):
        queue[n // EACH].send()


def ready(count: int) -> None:
    """Tell the measuring process that the forms are open, and wait for its word."""
    print(json.dumps({"ready": count}), flush=True)  # noqa: T201 - the measuring process reads it
    sys.stdin.readline()


if __name__ == "__main__":
    print(json.dumps(drive(**json.loads(sys.argv[1]))))  # noqa: T201 - the answer itself, for the measuring process
