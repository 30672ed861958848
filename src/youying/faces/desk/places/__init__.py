"""Administration of places: the tree, one place, tables taken in, sheets for entrances, the map of grids."""
