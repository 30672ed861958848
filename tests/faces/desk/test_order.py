"""The order on paper says what it leaves out."""

from __future__ import annotations

from tests.matters.world import completed, photo
from youying.faces.desk.matter import order
from youying.faces.desk.matter.order import photos_of
from youying.matters import actions


def test_the_pdf_says_how_many_photos_it_leaves_out(world, enter, monkeypatch):
    matter = completed(world)
    actions.add_words(
        matter.pk, words="补两张", uploads=(photo(world.dispatcher), photo(world.dispatcher)), by=world.dispatcher
    )
    assert photos_of(world.dispatcher, matter)["photos_more"] == ""
    monkeypatch.setattr(order, "MOST_PHOTOS", 1)
    held = photos_of(world.dispatcher, matter)
    assert len(held["photos"]) == 1 and held["photos_more"] == "另有 2 张，见事项页。"
    assert enter("dispatcher").get(f"/desk/matters/{matter.number}/order.pdf").content.startswith(b"%PDF")
