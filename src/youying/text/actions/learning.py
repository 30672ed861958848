"""Writes about models: one that was learned is taken or put by, an earlier one used again, one that must go removed."""

from __future__ import annotations

from django.db.models import Q

from youying.kernel.moments import now
from youying.kernel.refusals import Refused
from youying.kernel.viewers import Viewer
from youying.record.actions import open_subject, write
from youying.record.acts import act, unchanged
from youying.text.lessons import Lesson
from youying.text.models import LearnedModel
from youying.text.queries import forget, models_folder
from youying.text.rules import no_worse

FILES_KEPT = 8


@act("text.learn", power="texts")
def take_lesson(lesson: Lesson, *, by: Viewer, area_path: str) -> LearnedModel:
    """Keep a learned model, and use it where it is not worse than the one in use for the area by their stored figures.

    A model that may hold words erased since gives way in any case.
    """
    by.require_reach(area_path)
    old = LearnedModel.objects.select_for_update().filter(area_path=area_path, in_use=True).first()
    taken = old is None or old.stale or no_worse(lesson.macro_f1, old.macro_f1)
    if old is not None and taken:
        LearnedModel.objects.filter(pk=old.pk).update(in_use=False)
    row = LearnedModel.objects.create(
        area_path=area_path,
        file=lesson.file,
        made_at=now(),
        made_by=by.account_id,
        rows=lesson.rows,
        known=lesson.known,
        classes=lesson.classes,
        macro_f1=lesson.macro_f1,
        worst_fold=lesson.worst_fold,
        coverage_at_97=lesson.coverage_at_97,
        taken=taken,
        in_use=taken,
    )
    subject = f"model:{row.pk}"
    open_subject(subject)
    score = {"macro_f1": str(row.macro_f1), "before": str(old.macro_f1) if old else ""}
    facts = {"rows": row.rows, "classes": row.classes, "area": area_path, "taken": taken, **score}
    write(subject, "text.learn", by=by, facts=facts)
    _retire(area_path)
    forget()
    return row


def _retire(area_path: str) -> None:
    """Of the models put by only the newest keep their files."""
    idle = LearnedModel.objects.filter(area_path=area_path, in_use=False).exclude(file="").order_by("-made_at", "-pk")
    for row in idle[FILES_KEPT:]:
        _remove_file(row)


def _remove_file(row: LearnedModel) -> None:
    (models_folder() / row.file).unlink(missing_ok=True)
    row.file, row.in_use = "", False
    row.save(update_fields=["file", "in_use"])


@act("text.use-model", power="texts")
def use_model(model_id: int, *, by: Viewer) -> LearnedModel:
    """Use a model of the history again, or for the first time; the one in use is kept in the history."""
    row = LearnedModel.objects.select_for_update().filter(pk=model_id).first()
    if row is None or not by.reaches(row.area_path):
        raise Refused("unknown-model", say="没有这个模型，或它不在您的辖区。请从列表里选。", have=model_id)
    if row.in_use:
        unchanged()
        return row
    if not row.file or row.stale or not (models_folder() / row.file).is_file():
        say = "这个模型的文件已经删了：有人要求删除的话可能在里面，或文件被移走了。请用已定的分类再学一次。"
        raise Refused("model-gone", say=say, have=model_id)
    LearnedModel.objects.filter(area_path=row.area_path, in_use=True).update(in_use=False)
    row.in_use = row.taken = True
    row.save(update_fields=["in_use", "taken"])
    write(f"model:{row.pk}", "text.use-model", by=by, facts={"area": row.area_path})
    forget()
    return row


def doubt_models() -> None:
    """Words were erased: every model made before may hold some of them, until it is learned anew without."""
    LearnedModel.objects.exclude(file="").update(stale=True)


@act("text.drop-models", power="texts")
def drop_stale(area_path: str, *, by: Viewer) -> int:
    """Remove the files of an area's models that may hold erased words, the one in use too; how many. Figures stay."""
    by.require_reach(area_path)
    rows = list(LearnedModel.objects.select_for_update().filter(area_path=area_path, stale=True).exclude(file=""))
    if not rows:
        unchanged()
    for row in rows:
        _remove_file(row)
        write(f"model:{row.pk}", "text.drop-models", by=by, facts={"area": area_path})
    forget()
    return len(rows)


def follow_move(old_path: str, *, new_path: str) -> None:
    """The models of a moved place and of those below it go with it; its own act has the entry."""
    below = Q(area_path=old_path) | Q(area_path__startswith=old_path + "/")
    for row in LearnedModel.objects.filter(below):
        row.area_path = new_path + row.area_path[len(old_path) :]
        row.save(update_fields=["area_path"])
    forget()
