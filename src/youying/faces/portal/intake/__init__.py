"""The residents' pages: say it, look it up, give the verdict."""
