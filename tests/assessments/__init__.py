"""Tests of scored quality."""
