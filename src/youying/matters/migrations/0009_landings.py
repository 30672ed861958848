import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matters", "0008_hard_matters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Landing",
            fields=[
                ("matter", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name="landing", serialize=False, to="matters.matter")),
                ("shift_id", models.BigIntegerField(null=True)),
                ("roster", models.CharField(blank=True, default="", max_length=40)),
                ("place", models.CharField(blank=True, default="", max_length=200)),
                ("stage", models.CharField(max_length=40)),
                ("why", models.CharField(max_length=400)),
                ("at", models.DateTimeField()),
                ("account", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "-at"], name="landings_by_account"),
                    models.Index(fields=["shift_id"], name="landings_by_shift"),
                ],
            },
        ),
    ]
