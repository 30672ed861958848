"""The ledger of supervisions, their letters, replies and releases."""
