"""Setting up an empty installation, in steps that a secretary can follow."""
