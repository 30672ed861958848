"""A route table of four small pages, one for each way of saying who may open a page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

from youying.access.entrance import choose, enter, enter_by_link, leave
from youying.access.guard import by_secret, needs, open_to_all, signed_in
from youying.kernel.refusals import Refused


@open_to_all("公开信息")
def anyone(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.viewer.name)


@signed_in
def staff(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.viewer.name} {request.viewer.post_title}".strip())


@needs("accounts")
def accounts(request: HttpRequest) -> HttpResponse:
    return HttpResponse("账号")


@by_secret("凭查询码")
def secret(request: HttpRequest) -> HttpResponse:
    raise Refused("secret-wrong", say="编号或查询码不对。", field="secret", have=1, need=2, clause="规则")


@open_to_all("登录")
def sign_in(request: HttpRequest) -> HttpResponse:
    sent = request.POST
    account = enter(request, username=sent["username"], password=sent["password"], code=sent.get("code", ""))
    return HttpResponse(account.name)


@by_secret("一次性链接")
def link(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse(enter_by_link(request, token=token, password=request.POST.get("password", "")).name)


@signed_in
def sign_out(request: HttpRequest) -> HttpResponse:
    leave(request)
    return HttpResponse("再见")


@signed_in
def choose_post(request: HttpRequest, post_id: int) -> HttpResponse:
    choose(request, post_id=post_id)
    return HttpResponse("已切换")


@open_to_all("收件")
def body(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.body)))


urlpatterns = [
    path("anyone/", anyone),
    path("staff/", staff),
    path("accounts/", accounts),
    path("secret/", secret),
    path("sign-in/", sign_in),
    path("link/<str:token>/", link),
    path("sign-out/", sign_out),
    path("choose/<int:post_id>/", choose_post),
    path("body/", body),
]
