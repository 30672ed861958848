"""The route table of the installation."""

from django.urls import URLPattern, URLResolver, include, path

from youying.faces.shared.health import healthz, readyz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("", include("youying.faces.urls")),
]

handler400 = "youying.faces.shared.views.bad_request"
handler403 = "youying.faces.shared.views.forbidden"
handler404 = "youying.faces.shared.views.missing"
handler500 = "youying.faces.shared.views.broken"
