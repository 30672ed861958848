"""`youying text`: a process of its own, because only training and evaluating need the learners."""

import youying.cli  # noqa: F401 - sets the program up
from youying.cli.learning import learn_command
from youying.cli.text_commands import app
from youying.cli.wording import speak_chinese

speak_chinese()
app.command("learn")(learn_command)

if __name__ == "__main__":
    app(prog_name="youying text")
