"""Every write of funds: purses, bookings, spendings asked for, gifts."""

from youying.funds.actions.asking import answer_spending
from youying.funds.actions.booking import grant, reverse, spend, take
from youying.funds.actions.earning import earn
from youying.funds.actions.following import follow_move
from youying.funds.actions.gifts import exchange, stock_gift
from youying.funds.actions.opening import open_purse

__all__ = [
    "answer_spending",
    "earn",
    "exchange",
    "follow_move",
    "grant",
    "open_purse",
    "reverse",
    "spend",
    "stock_gift",
    "take",
]
