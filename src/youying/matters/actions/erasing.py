"""The words of a matter go when its personal values are erased; number, place, dates and facts stay and still count."""

from __future__ import annotations

from youying.matters.models import Matter, Reporter
from youying.matters.queries.teaching import ERASED_WORDS
from youying.matters.searching import reindex
from youying.text.actions import doubt_models


def erase_words(subject: str) -> None:
    """Take words, title and place in words out of the row and the search index, and doubt every model made so far.

    Called in the transaction of the erasure, whose entry says who asked for it and why.
    """
    kind, _colon, key = subject.partition(":")
    matter = Matter.objects.select_for_update().filter(pk=key).first() if kind == "matter" and key.isdecimal() else None
    if matter is None:
        return
    matter.title = matter.words = ERASED_WORDS
    matter.place_words = matter.place_why = ""
    matter.save(update_fields=["title", "words", "place_words", "place_why"])
    Reporter.objects.filter(matter=matter).update(contact_sealed=None, phone_index="")
    reindex(matter)
    doubt_models()
