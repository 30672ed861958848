"""Gifts that points are exchanged for: books for vegetables, old clothes for soap."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import F

from youying.funds import rules
from youying.funds.actions.booking import spend
from youying.funds.models import Booking, Gift, Purse, SpendAsk
from youying.funds.rules import Terms
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.places.queries import known_area
from youying.record.actions import open_subject, write
from youying.record.acts import act

MOST_TITLE = 60
MOST_PIECES = 100_000


@act("funds.stock-gift")
def stock_gift(terms: Terms, *, by: Viewer, path: str, line: str, title: str, price: int, pieces: int) -> Gift:
    """Put so many pieces of a gift on the shelf of a place at a price; known by its title, the price is the new one."""
    by.require("act")
    by.require_reach(path)
    words = " ".join(title.split())
    if not words or len(words) > MOST_TITLE:
        raise Refused("title-unfit", say=f"请写物品名称，最多{MOST_TITLE}个字。", field="title")
    if not (0 < price <= rules.MOST and 0 < pieces <= MOST_PIECES):
        raise Refused("stock-unfit", say="价格和件数都要大于零，请核对。", have=[price, pieces], field="pieces")
    row, made = Gift.objects.get_or_create(
        code=terms.code,
        area_path=known_area(path).path,
        title=words,
        defaults={"line": rules.checked_line(terms, "spend", line), "price": price, "stock": 0},
    )
    Gift.objects.filter(pk=row.pk).update(stock=F("stock") + pieces, price=price)
    if made:
        open_subject(row.subject)
    write(row.subject, "funds.stock-gift", by=by, facts={"title": words, "price": price, "pieces": pieces})
    row.refresh_from_db()
    return row


@act("funds.exchange")
def exchange(
    purse_id: int, *, by: Viewer, terms: Terms, gift_id: int, pieces: int = 1, proofs: Mapping[str, str], form: str = ""
) -> Booking:
    """Exchange points for a gift: the points are spent and the pieces leave the shelf at once.

    The gift is handed over on the spot, so whoever does it holds the post that says yes to such a spending.
    """
    gift = Gift.objects.select_for_update().filter(pk=gift_id, code=terms.code).first()
    purse = Purse.objects.filter(pk=purse_id).first()
    if gift is None or purse is None or gift.area_path != purse.area_path:
        raise Refused("gift-unknown", say="这里没有这件物品，请从货架上选。", have=gift_id, field="gift")
    if pieces <= 0:
        raise Refused("pieces-unfit", say="件数要写大于零的整数，例如 1。", have=pieces, field="pieces")
    if pieces > gift.stock:
        say = f"“{gift.title}”还剩{gift.stock}件，请改件数。"
        raise Refused("stock-short", say=say, have=gift.stock, need=pieces, field="pieces")
    words = {**proofs, "note": f"{gift.title} {pieces}件 {proofs.get('note', '')}"}
    done = spend(purse_id, by=by, terms=terms, line=gift.line, amount=gift.price * pieces, proofs=words, form=form)
    Gift.objects.filter(pk=gift.pk).update(stock=F("stock") - pieces)
    write(gift.subject, "funds.exchange", by=by, facts={"purse": purse_id, "pieces": pieces})
    if isinstance(done, SpendAsk):
        say = "兑换要当场给东西，请由审批这类开支的岗位来办。"
        raise Refused("exchange-not-yours", say=say, have=by.post_code, need=done.asked_of)
    Booking.objects.filter(pk=done.pk).update(gift=gift, pieces=pieces)
    return done
