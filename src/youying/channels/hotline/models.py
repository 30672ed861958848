"""Tables of the hotline channel: mappings kept by name, imports with their batches and findings, exports."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Mapping(models.Model):
    """Which column of somebody's export means what, and what its labels mean here; kept under a name for the next file."""

    name = models.CharField(max_length=40, unique=True)
    columns = models.JSONField(default=dict)
    labels = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    changed_at = models.DateTimeField()


class Import(models.Model):
    """One file on its way in: what it is, how it is read, how far it is."""

    upload = models.CharField(max_length=64)
    name = models.CharField(max_length=100)
    area_path = models.CharField(max_length=120)
    kind = models.CharField(max_length=16)
    titles = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    labels = models.JSONField(default=dict)
    settings = models.JSONField(default=dict)
    mapping = models.CharField(max_length=40, blank=True)
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    job_id = models.CharField(max_length=32, blank=True)
    state = models.CharField(max_length=12, default="mapping")
    rows = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField(default=0)
    again = models.PositiveIntegerField(default=0)
    followed = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    alike = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=("mapping", "running", "done", "dropped")), name="an_import_is_in_a_known_state"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account_id", "-made_at"], name="hotline_import_of_account")]

    @property
    def subject(self) -> str:
        """The name under which the record keeps its entries."""
        return f"import:{self.pk}"


class Batch(models.Model):
    """Rows that came in together in one transaction; what is here is never taken in twice."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField()
    matters = models.JSONField(default=list)
    bands = models.BinaryField(default=b"")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["of", "number"], name="a_batch_comes_in_once")]


class Came(models.Model):
    """What a row said when it came in: its number, digests of its need and of all that it told, to know it again by."""

    matter_id = models.BigIntegerField(primary_key=True)
    number = models.CharField(max_length=120, null=True, unique=True)
    channel = models.CharField(max_length=30, default="")
    need = models.BinaryField()
    whole = models.BinaryField()


class Finding(models.Model):
    """Something that a person should know of a row: why it was refused, or what in it disagrees."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="findings")
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    column = models.CharField(max_length=70, blank=True)
    say = models.CharField(max_length=300)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["of", "kind", "line"], name="hotline_finding_by_line")]


class Alike(models.Model):
    """Two matters of an import that say nearly the same; a person decides whether they are one."""

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="pairs")
    one_id = models.BigIntegerField()
    other_id = models.BigIntegerField()
    percent = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["of", "one_id", "other_id"], name="a_pair_is_listed_once"),
        ]


class Export(models.Model):
    """One list on its way out: who asked, for what, who allowed it, and where the file lies."""

    title = models.CharField(max_length=80)
    filters = models.JSONField(default=dict)
    sort = models.CharField(max_length=12, default="-received")
    columns = models.JSONField(default=list)
    account_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    asker = models.CharField(max_length=120)
    reach = models.CharField(max_length=160)
    rows = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=12, default="asked")
    answered_by = models.CharField(max_length=120, blank=True)
    job_id = models.CharField(max_length=32, blank=True)
    upload = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=("asked", "running", "ready", "refused")), name="an_export_is_in_a_known_state"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account_id", "-made_at"], name="hotline_export_of_account")]

    @property
    def subject(self) -> str:
        """The name under which the record keeps its entries, and the file hangs."""
        return f"export:{self.pk}"
