"""What is measured inside an installation that holds a history; each module gives figures."""
