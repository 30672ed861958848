"""Pages of what recurs: what is to be done, what was missed, campaigns and how far they got."""
