"""My day: what is due, what waits for a yes, who waits for a call."""
