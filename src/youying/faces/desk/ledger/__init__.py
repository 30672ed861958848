"""The ledger: every list of matters, with its views, filters and acts on many."""
