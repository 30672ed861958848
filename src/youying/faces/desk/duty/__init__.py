"""Duty: who is on call now, the month's shifts, swaps, hand-over notes."""
