"""Training a model on a street's own history: apart, so that only who trains loads the learners."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from youying.kernel.identifiers import new_code
from youying.kernel.moments import now
from youying.kernel.viewers import Viewer
from youying.record.actions import open_subject, write
from youying.record.acts import act
from youying.text.evaluation import evaluate
from youying.text.learning import train
from youying.text.models import LearnedModel
from youying.text.storage import save


@act("text.learn", power="texts")
def learn(rows: Iterable[tuple[str, str]], *, by: Viewer, judge: bool = True) -> LearnedModel:
    """Train a model on the street's own decided matters and put it to use; the earlier one is kept, not used.

    Refused where there are too few rows or classes. With `judge` it is evaluated on five folds first.
    """
    given = list(rows)
    judged = evaluate(given) if judge else None
    model = train(given)
    folder = Path(settings.YOUYING_HOME) / "models"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = f"{now():%Y%m%d}-{new_code(8).lower()}.npz"
    save(model, folder / file)
    LearnedModel.objects.filter(in_use=True).update(in_use=False)
    score = judged.macro_f1 if judged else None
    row = LearnedModel.objects.create(
        file=file,
        made_at=now(),
        rows=len(given),
        classes=len({label for _, label in given}),
        macro_f1=score,
        in_use=True,
    )
    subject = f"model:{row.pk}"
    open_subject(subject)
    write(subject, "text.learn", by=by, facts={"rows": row.rows, "classes": row.classes, "macro_f1": str(score)})
    return row
