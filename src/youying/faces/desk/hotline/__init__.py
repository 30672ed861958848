"""Hotline files in and lists out: taking a file, saying what its columns mean, watching it come in; exports."""
