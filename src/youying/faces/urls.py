"""The pages of all faces: the portal at /, the desk at /desk/."""

from django.urls import include, path

from youying.faces.shared.views import look

urlpatterns = [
    path("", include(([path("look/", look, name="look")], "shared"))),
    path("desk/", include("youying.faces.desk.urls")),
    path("", include("youying.faces.portal.urls")),
]
