"""What the portal's tests share."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.fixture
def phone() -> Client:
    """A resident's browser, without an account."""
    return Client()
