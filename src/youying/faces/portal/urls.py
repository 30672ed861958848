"""The portal's pages, by context."""

from django.urls import URLPattern, URLResolver, path

from youying.faces.portal.intake import applying, papers, progress, views
from youying.faces.portal.orders import menu, partner
from youying.faces.portal.publications import views as board

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("say/", views.say, name="say"),
    path("say/there/", views.there, name="there"),
    path("say/map/", views.pick, name="pick"),
    path("q/<str:code>", views.say, name="entrance"),
    path("said/", views.said, name="said"),
    path("call/", views.call, name="call"),
    path("apply/", applying.services, name="services"),
    path("apply/<slug:kind>/", applying.apply, name="apply"),
    path("progress/", progress.look, name="look-up"),
    path("progress/forget/", progress.forget_all, name="forget"),
    path("m/<str:number>/", progress.matter, name="matter"),
    path("m/<str:number>/deadline/", progress.deadline, name="deadline"),
    path("m/<str:number>/urge/", progress.urge, name="urge"),
    path("m/<str:number>/add/", progress.add, name="add"),
    path("m/<str:number>/papers/", papers.papers, name="papers"),
    path("m/<str:number>/verdict/", progress.verdict, name="verdict"),
    path("m/<str:number>/reopen/", progress.reopen, name="reopen"),
    path("board/", board.board, name="board"),
    path("board/<int:publication_id>/", board.notice, name="notice"),
    path("files/<str:token>/", progress.file, name="file"),
    path("menu/", menu.menu, name="menu"),
    path("menu/<slug:menu>/<slug:item>/", menu.order, name="order"),
    path("partners/", menu.lists, name="partner-lists"),
    path("partner/<str:token>/", partner.waiting, name="partner"),
    path("partner/<str:token>/<str:number>/", partner.order, name="partner-order"),
    path("partner/<str:token>/<str:number>/contact/", partner.contact, name="partner-contact"),
    path("partner/<str:token>/<str:number>/acts/<slug:step>/", partner.act, name="partner-act"),
]
