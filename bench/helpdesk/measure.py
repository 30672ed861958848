"""Fill the peer with tickets and time its ticket list: `python measure.py fill 200000`, `python measure.py list 5`."""

import json
import random
import statistics
import sys
import time
from datetime import timedelta

import peer  # noqa: F401 - sets Django up
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone
from helpdesk.models import Queue, Ticket
from helpdesk.query import query_to_base64

AT_ONCE = 2_000


def fill(count):
    """Tables, an officer, five queues and so many tickets, written in bulk."""
    call_command("migrate", verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
    officer, _ = get_user_model().objects.get_or_create(username="officer", is_staff=True, is_superuser=True)
    for n in range(5):
        Queue.objects.get_or_create(title=f"Queue {n}", slug=f"q{n}", allow_public_submission=True)
    queues = list(Queue.objects.all())
    chance, now = random.Random(5), timezone.now()
    for start in range(Ticket.objects.count(), count, AT_ONCE):
        Ticket.objects.bulk_create(_ticket(queues, officer, chance, now) for _ in range(min(AT_ONCE, count - start)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _ticket(queues, officer, chance, now):
    created = now - timedelta(minutes=chance.randrange(700 * 24 * 60))
    is_open = chance.random() < 0.05
    return Ticket(
        title="下水道返水，味儿顺着楼道往上走",
        queue=chance.choice(queues),
        created=created,
        modified=created,
        submitter_email=f"r{chance.randrange(10**6)}@example.org",
        assigned_to=officer if chance.random() < 0.5 else None,
        status=chance.choice((1, 2)) if is_open else 4,
        description="地下室下水道又返水了，老人下楼得踩着砖走，麻烦这回把根儿找到。" * 2,
        priority=chance.randrange(1, 6),
        due_date=created + timedelta(days=7),
    )


def time_list(rounds):
    """Milliseconds of the list's rows: all tickets by date, and the open ones, as the page asks for them."""
    client = Client()
    client.force_login(get_user_model().objects.get(username="officer"))
    found = {}
    for name, filtering in (("all", {}), ("open", {"status__in": [1, 2]})):
        asked = {
            "filtering": filtering, "filtering_null": {}, "sorting": "created", "sortreverse": True, "search_string": "",
        }  # fmt: skip
        address = f"/datatables_ticket_list/{query_to_base64(asked)}"
        params = {
            "draw": 1,
            "start": 0,
            "length": 50,
            "order[0][column]": 0,
            "order[0][dir]": "desc",
            "search[value]": "",
        }
        found[name] = [_timed(client, address, params) for _ in range(rounds)]
    print(json.dumps({"tickets": Ticket.objects.count(), **{k: statistics.median(v) for k, v in found.items()}}))  # noqa: T201


def _timed(client, address, params):
    started = time.perf_counter()
    answer = client.get(address, params)
    spent = (time.perf_counter() - started) * 1000
    if answer.status_code != 200 or not json.loads(answer.content)["data"]:
        raise SystemExit(f"the peer's list answered {answer.status_code}")
    return spent


if __name__ == "__main__":
    {"fill": fill, "list": time_list}[sys.argv[1]](int(sys.argv[2]))
