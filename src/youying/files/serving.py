"""A file as an HTTP answer: saved, never run; kept by nobody in between; asked for again at every read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseNotModified, StreamingHttpResponse
from django.http.response import HttpResponseBase

from youying.files.queries import open_file
from youying.files.rules import disposition
from youying.kernel.viewers import Viewer

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def serve(
    viewer: Viewer, token: str, *, request: HttpRequest | None = None, thumbnail: bool = False
) -> HttpResponseBase:
    """Answer with a file, or with "unchanged" where the browser holds it; the guard is asked in both cases."""
    opened = open_file(viewer, token, thumbnail=thumbnail)
    tag = f'"{opened.sha256}"'
    if request is not None and request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers=HEADERS | {"ETag": tag})
    return StreamingHttpResponse(
        opened.pieces,
        content_type=opened.media_type,
        headers=HEADERS
        | {"ETag": tag, "Content-Length": str(opened.size), "Content-Disposition": disposition(opened.name)},
    )
