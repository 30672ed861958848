"""Writes of the text context; none of them loads the learners."""

from youying.text.actions.categories import add_category, close_category
from youying.text.actions.learning import doubt_models, drop_stale, take_lesson, use_model

__all__ = ["add_category", "close_category", "doubt_models", "drop_stale", "take_lesson", "use_model"]
