"""The record on a page: what was done by whom, whether the book is whole, what is stuck."""
