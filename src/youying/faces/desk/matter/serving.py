"""Uploaded files as answers, in a running post; who may see one is decided by what it belongs to, at every read."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from youying.access.queries import viewer_for
from youying.faces.desk.entrance.guarding import at_post
from youying.files.serving import serve


@at_post()
def file(request: HttpRequest, token: str) -> HttpResponseBase:
    """One uploaded file, or its small picture."""
    return serve(viewer_for(request), token, request=request, thumbnail="small" in request.GET)
