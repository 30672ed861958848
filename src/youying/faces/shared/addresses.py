"""What an address asks for that its page does not have: said above the page, so that no list pretends to have obeyed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils.translation import gettext as _

MOST_SAID = 3


def strays(given: Iterable[str], known: Collection[str] = ()) -> list[str]:
    """A sentence for each name in an address that is no condition of its page."""
    names = [name for name in given if name and name not in known]
    return [_("这一页没有“%(name)s”这个条件，没有用上。") % {"name": name[:20]} for name in names[:MOST_SAID]]


def unread(said: str) -> str:
    """The sentence for a value that nothing here is called by."""
    return _("没有“%(said)s”这个选项，这个条件没有用上。") % {"said": said[:20]}
