"""The floor: a bare Django view that inserts two rows and commits, on the same server and database settings."""

import os
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models, transaction
from django.http import HttpResponse, JsonResponse
from django.urls import path

from youying.settings.database import database_settings

if not settings.configured:
    settings.configure(
        SECRET_KEY="a measurement needs no secret",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="floor",
        DATABASES={"default": database_settings(Path(os.environ["YOUYING_HOME"]))},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        INSTALLED_APPS=[],
        MIDDLEWARE=[],
    )
    django.setup()


class Demand(models.Model):
    """What was said."""

    text = models.TextField()
    building = models.BigIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "floor"


class Person(models.Model):
    """Who said it."""

    demand = models.ForeignKey(Demand, on_delete=models.PROTECT)
    name = models.CharField(max_length=60)
    phone = models.CharField(max_length=30)

    class Meta:
        app_label = "floor"


def say(request):
    """Two rows and a commit."""
    if request.method != "POST":
        return HttpResponse('<input name="csrfmiddlewaretoken" value="none">')
    with transaction.atomic():
        demand = Demand.objects.create(text=request.POST["text"], building=int(request.POST["building"]))
        Person.objects.create(demand=demand, name=request.POST["name"], phone=request.POST["phone"])
    return JsonResponse({"number": demand.pk})


def make_tables():
    """The two tables."""
    with connection.schema_editor() as editor:
        for model in (Demand, Person):
            if model._meta.db_table not in connection.introspection.table_names():
                editor.create_model(model)


urlpatterns = [path("say/", say)]
application = get_wsgi_application()

if __name__ == "__main__":
    make_tables()
