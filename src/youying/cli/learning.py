"""Learn categories from this installation's own matters; a process of its own, because the learners are heavy."""

import youying.cli  # noqa: F401 - sets the program up
from youying.kernel.viewers import SYSTEM
from youying.matters.models import Matter
from youying.text.actions.learning import learn

if __name__ == "__main__":
    learn(Matter.objects.exclude(category="").values_list("words", "category"), by=SYSTEM, judge=False)
