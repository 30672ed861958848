"""What journeys share: a real browser and the fictional street as of now."""

from tests.browser import browser, browser_page

__all__ = ["browser", "browser_page"]
