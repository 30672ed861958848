"""Tables of the house as they are handed in, shared by the pages of places, units and posts."""
