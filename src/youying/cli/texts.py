"""`youying text`: a process of its own, because only training and evaluating need the learners."""

import youying.cli  # noqa: F401 - sets the program up
from youying.text.commands import app

if __name__ == "__main__":
    app(prog_name="youying text")
