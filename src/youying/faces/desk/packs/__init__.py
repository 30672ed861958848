"""Packs on screens: what holds here, one number changed, the local pack's text, days, directory, local numbers."""
