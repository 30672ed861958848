"""All stories, in the order of their mechanisms."""

from youying.stories import m01, m02, m03, m04, m05, m08, m33, m35
from youying.stories.telling import STORIES

__all__ = ["STORIES", "m01", "m02", "m03", "m04", "m05", "m08", "m33", "m35"]
