"""One matter: its words, its deadline, its story, and what may be done now."""
