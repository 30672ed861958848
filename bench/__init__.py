"""Measurements against floors and peers in the same run: `python -m bench --scale 10k`."""
