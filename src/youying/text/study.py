"""Learning from decided letters and checking it on those held out; only a process that learns imports this."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from youying.kernel.identifiers import new_code
from youying.kernel.refusals import Refused
from youying.text.evaluation import Evaluation, evaluate
from youying.text.learning import train
from youying.text.lessons import Lesson
from youying.text.rules import fit_to_learn
from youying.text.storage import save

FOLDS = 5
Tell = Callable[[int, int], None]


def study(
    rows: Sequence[tuple[str, str]],
    *,
    folder: Path,
    at: datetime,
    known: int = 0,
    check: bool = True,
    tell: Tell = lambda done, total: None,
) -> Lesson:
    """Learn from pairs of words and category, write the model into the folder, and say how well it does.

    `known` is how many decided matters there are, where these are the newest of them only.
    With `check` every fold is judged by a model that has not seen it. Categories with too few letters are left out;
    refused where too little is left, or where the letters are so alike that none can be held out.
    """
    fit = fit_to_learn(Counter(label for _, label in rows))
    used = [row for row in rows if row[1] in fit]
    steps = FOLDS + 1 if check else 1
    judged = _judge(used, lambda done, _total: tell(done, steps)) if check else None
    model = train(used)
    folder.mkdir(mode=0o700, exist_ok=True)
    file = f"{at:%Y%m%d}-{new_code(8).lower()}.npz"
    save(model, folder / file)
    tell(steps, steps)
    return Lesson(
        file=file,
        rows=len(used),
        known=known or len(rows),
        classes=len(fit),
        macro_f1=judged.macro_f1 if judged else None,
        worst_fold=judged.worst_fold_f1 if judged else None,
        coverage_at_97=judged.coverage_at_97 if judged else None,
    )


def _judge(rows: Sequence[tuple[str, str]], tell: Tell) -> Evaluation:
    try:
        return evaluate(rows, folds=FOLDS, progress=tell)
    except Refused as refused:
        say = f"已定分类的 {len(rows)} 件说得太相近，留不出没学过的来检验。等说法不同的多一些再学。"
        raise Refused("letters-too-alike", say=say, have=len(rows)) from refused
