"""The desk's pages, by context: each context brings its own addresses, one line each."""

from django.urls import URLPattern, URLResolver, include, path

from youying.faces.desk.matter.serving import file
from youying.faces.desk.places.map import grid_map

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("youying.faces.desk.entrance.urls")),
    path("", include("youying.faces.desk.day.urls")),
    path("files/<str:token>/", file, name="file"),
    path("matters/", include("youying.faces.desk.intake.urls")),
    path("matters/", include("youying.faces.desk.ledger.urls")),
    path("matters/", include("youying.faces.desk.matter.urls")),
    path("supervisions/", include("youying.faces.desk.supervising.urls")),
    path("consultations/", include("youying.faces.desk.consulting.urls")),
    path("whistles/", include("youying.faces.desk.whistles.urls")),
    path("", include("youying.faces.desk.partners.urls")),
    path("rates/", include("youying.faces.desk.rates.urls")),
    path("packs/", include("youying.faces.desk.packs.urls")),
    path("places/", include("youying.faces.desk.places.urls")),
    path("map/", grid_map, name="map"),
    path("units/", include("youying.faces.desk.units.urls")),
    path("occasions/", include("youying.faces.desk.occasions.urls")),
    path("registers/", include("youying.faces.desk.registers.urls")),
    path("funds/", include("youying.faces.desk.funds.urls")),
    path("publications/", include("youying.faces.desk.publications.urls")),
    path("assessments/", include("youying.faces.desk.assessments.urls")),
    path("duty/", include("youying.faces.desk.duty.urls")),
    path("texts/", include("youying.faces.desk.texts.urls")),
    path("audit/", include("youying.faces.desk.audit.urls")),
    path("", include("youying.faces.desk.notices.urls")),
    path("set-up/", include("youying.faces.desk.setup.urls")),
    path("", include("youying.faces.desk.hotline.urls")),
]
