"""Pages of what is posted in public."""
