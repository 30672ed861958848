"""Writes of the text context; training stands in `learning`, which only who trains imports."""

from youying.text.actions.categories import add_category, close_category

__all__ = ["add_category", "close_category"]
