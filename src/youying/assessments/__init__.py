"""Scored quality: exact shares of figures and sheets, graded in classes, with the working kept."""
