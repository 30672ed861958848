"""Scores that outgrew a whole number of SQLite are worked out anew from the points of their lines."""

from decimal import Decimal
from fractions import Fraction

from django.db import migrations
from django.db.models import Q


def make_whole(apps, schema_editor):
    """Write every numerator and denominator that reads like 1.23e+22 as whole numbers again.

    The stored points of the lines are exact, so their sum is; a row without them keeps the digits that are left.
    """
    scores = apps.get_model("assessments", "AssessmentScore").objects
    rounded = Q(numerator__contains="e") | Q(numerator__contains=".")
    rounded |= Q(denominator__contains="e") | Q(denominator__contains=".")
    rows = list(scores.filter(rounded))
    for row in rows:
        points = [line.get("points") for line in row.working if line.get("points") is not None]
        exact = sum(map(Fraction, points), Fraction(0)) if points else _digits(row.numerator, row.denominator)
        row.numerator, row.denominator = str(exact.numerator), str(exact.denominator)
    scores.bulk_update(rows, ["numerator", "denominator"], batch_size=500)


def _digits(numerator, denominator):
    return Fraction(int(Decimal(numerator)), int(Decimal(denominator)) or 1)


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0002_exact_fractions"),
    ]

    operations = [
        migrations.RunPython(make_whole, migrations.RunPython.noop),
    ]
