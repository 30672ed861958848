"""Pages of the purses."""
