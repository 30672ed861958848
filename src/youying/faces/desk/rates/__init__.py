"""The rates: figures with their n, against the year before, down to the rows; the pack's ledgers; tables to take away."""
