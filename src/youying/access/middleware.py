"""What every request passes: its size, who sits behind it, and refusals turned into answers.

Order in the settings: SeatMiddleware right after the session, SizeMiddleware before anything reads a body,
RefusedMiddleware last.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse

from youying.access.actions import note_seen
from youying.access.entrance import who_sits
from youying.access.queries import Seated
from youying.access.refusal_pages import refusal_response
from youying.access.rules import device_words
from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import PUBLIC
from youying.record.acts import coming_from

Answering = Callable[[HttpRequest], HttpResponse]

MOST_REQUEST_BYTES = 64 * 1024 * 1024
IDLE_MINUTES = 240
SEEN_EVERY = timedelta(minutes=5)


class SizeMiddleware:
    """Answers a request that announces too many bytes before any of them is read."""

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the announced length alone."""
        most = getattr(settings, "YOUYING_MOST_REQUEST_BYTES", MOST_REQUEST_BYTES)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > most:
            answer = refusal_response(request, too_large(int(length), most=most))
            answer["Connection"] = "close"
            return answer
        return self.get_response(request)


class SeatMiddleware:
    """Finds out who sits behind the session, in one statement: `request.user`, `.viewer`, `.posts`, `.seat_id`.

    An ended seat, a disabled account and an ended post have lost their access by the next request.
    """

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Seat the request, then answer it."""
        sitting = _not_idle(who_sits(request))
        request.user = sitting.account if sitting else AnonymousUser()
        request.viewer = sitting.viewer if sitting else PUBLIC  # type: ignore[attr-defined]
        request.posts = sitting.posts if sitting else ()  # type: ignore[attr-defined]
        request.seat_id = sitting.seat_id if sitting else None  # type: ignore[attr-defined]
        if sitting and now() - sitting.seen_at >= SEEN_EVERY:
            note_seen(sitting.seat_id)
        with coming_from(f"web · {device_words(request.headers.get('User-Agent', ''))}"):
            return self.get_response(request)


class RefusedMiddleware:
    """Turns a refusal raised anywhere in a view into its answer."""

    def __init__(self, get_response: Answering) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the work is done in `process_exception`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer refusals, and a body that Django found too large."""
        if isinstance(exception, Refused):
            return refusal_response(request, exception)
        if isinstance(exception, RequestDataTooBig):
            return refusal_response(request, too_large(0, most=settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0))
        if isinstance(exception, (TooManyFieldsSent, TooManyFilesSent)):
            return refusal_response(request, Refused("too-large", say="一次提交的项目太多，请分几次提交。"))
        return None


def too_large(length: int, *, most: int) -> Refused:
    """The sentence for a body beyond the limit, in bytes."""
    megabytes = most // (1024 * 1024)
    return Refused(
        "too-large", say=f"文件太大：一次最多上传 {megabytes} MB。请压缩、裁剪或分几次上传。", have=length, need=most
    )


def _not_idle(sitting: Seated | None) -> Seated | None:
    """Nobody, where the seat was left alone for too long."""
    idle = timedelta(minutes=getattr(settings, "YOUYING_IDLE_MINUTES", IDLE_MINUTES))
    return None if sitting is None or now() - sitting.seen_at > idle else sitting
