"""The board of whistles."""
