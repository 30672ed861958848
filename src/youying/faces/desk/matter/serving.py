"""Uploaded files as answers; who may see one is decided by the matter it belongs to, at every read."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from youying.access.guard import open_to_all
from youying.access.queries import viewer_for
from youying.files.serving import serve


@open_to_all("每次读取都按文件所属事项核对，不归您看的回答“没有这个文件”")
def file(request: HttpRequest, token: str) -> HttpResponseBase:
    """One uploaded file, or its small picture."""
    return serve(viewer_for(request), token, request=request, thumbnail="small" in request.GET)
