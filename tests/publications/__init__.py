"""Tests of what is posted in public."""
