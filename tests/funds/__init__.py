"""Tests of purses."""
