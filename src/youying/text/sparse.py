"""Sparse matrices, loaded when the first text is read: a server that starts does not wait a third of a second for them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any


class _Later:
    """Stands for `scipy.sparse`; the import system's own lock makes the first use safe among threads."""

    def __getattr__(self, name: str) -> Any:
        """Fetch it from the module."""
        return getattr(import_module("scipy.sparse"), name)


if TYPE_CHECKING:
    import scipy.sparse as sp
else:
    sp = _Later()

__all__ = ["sp"]
