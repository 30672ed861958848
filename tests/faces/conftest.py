"""The kit's pages stand at /kit/ while a test asks for them."""

import copy
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

KIT = Path(__file__).resolve().parent / "kit"


@pytest.fixture
def kit(settings: LazySettings) -> None:
    """Serve the page of every part."""
    templates: list[Any] = copy.deepcopy(list(settings.TEMPLATES))
    templates[0]["DIRS"] = [*templates[0]["DIRS"], KIT]
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = "tests.faces.kit"
