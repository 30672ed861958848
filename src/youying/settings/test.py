"""Settings of the test run."""

from .base import *  # noqa: F403
