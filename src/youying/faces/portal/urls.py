"""The portal's pages, by context."""

from django.urls import URLPattern, URLResolver, path

from youying.faces.portal.intake import views

app_name = "portal"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("say/", views.say, name="say"),
    path("q/<str:code>", views.say, name="entrance"),
    path("said/", views.said, name="said"),
    path("progress/", views.look, name="look"),
    path("m/<str:number>/", views.matter, name="matter"),
    path("m/<str:number>/urge/", views.urge, name="urge"),
    path("m/<str:number>/add/", views.add, name="add"),
    path("m/<str:number>/verdict/", views.verdict, name="verdict"),
    path("m/<str:number>/reopen/", views.reopen, name="reopen"),
    path("call/", views.call, name="call"),
    path("files/<str:token>/", views.file, name="file"),
]
