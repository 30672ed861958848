"""Taking a need in at the desk: by telephone, at the counter, on a round, in a meeting."""
