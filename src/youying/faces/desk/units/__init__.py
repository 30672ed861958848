"""Units, accounts and posts; who is missing and who is on duty."""
