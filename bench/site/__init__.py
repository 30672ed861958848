"""Youying with one page more: the shortest form that takes a demand all the way in."""
