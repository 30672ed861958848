"""Units, accounts and posts; who is missing."""
