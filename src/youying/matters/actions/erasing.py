"""The words of a matter go when its personal values are erased; number, place, dates and facts stay and still count."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from youying.editions.queries import edition_by_digest
from youying.kernel.refusals import Refused
from youying.matters.models import Matter, Part, Reporter, Summons
from youying.matters.queries.teaching import ERASED_WORDS
from youying.matters.searching import reindex
from youying.text.actions import doubt_models


def erase_words(subject: str) -> None:
    """Take words, title and place in words out of the row and the search index, and whoever came in with it out of
    every matter on which they stand; doubt every model made so far.

    Called in the transaction of the erasure, whose entry says who asked for it and why. Raises `Refused` while the
    matter runs, or one on which its reporters wait for an answer: what the values were given for is not done yet
    (个人信息保护法第四十七条).
    """
    kind, _colon, key = subject.partition(":")
    matter = Matter.objects.select_for_update().filter(pk=key).first() if kind == "matter" and key.isdecimal() else None
    if matter is None:
        return
    people = sealed_by(matter)
    _refuse_running(matter, people)
    matter.title = matter.words = ERASED_WORDS
    matter.place_words = matter.place_why = ""
    matter.save(update_fields=["title", "words", "place_words", "place_why"])
    people.update(contact_sealed=None, phone_index="", secret_hash="")
    Summons.objects.filter(matter=matter).update(who_sealed=None)
    told = edition_by_digest(matter.edition_id).loops[matter.loop].parts  # what the pack calls a part names nobody
    Part.objects.filter(matter=matter).exclude(code__in=told).update(title=ERASED_WORDS)
    reindex(matter)
    doubt_models()


def sealed_by(matter: Matter) -> QuerySet[Reporter]:
    """The rows of whoever came in with this matter, wherever they stand now: merged into another, or on its parts.

    Not those who came to it from another one: their contact is sealed under the matter that they came by.
    """
    own = Q(whole__isnull=True) & (Q(came_as=matter) | Q(came_as__isnull=True, matter=matter))
    first = Reporter.objects.filter(own).values_list("pk", flat=True)
    return Reporter.objects.filter(Q(pk__in=list(first)) | Q(whole__in=list(first)))


def _refuse_running(matter: Matter, people: QuerySet[Reporter]) -> None:
    """Refuse while somebody still needs the values: the matter itself, or another on which its reporters are asked."""
    running = Matter.objects.filter(Q(pk=matter.pk) | Q(reporters__in=people), ended_at__isnull=True)
    numbers = list(running.order_by("pk").values_list("number", flat=True).distinct())
    if numbers:
        say = (
            f"{'、'.join(numbers)}还没有办完，要靠这些信息才能办、才能回访，现在不能删。"
            "请先办结；居民不要办了的，先写明本人撤回、依规终结，再删。"
        )
        raise Refused("erase-running", say=say, clause="个人信息保护法第四十七条", have=numbers)
