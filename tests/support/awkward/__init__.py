"""Awkward files that the tests write themselves, each with what must become of it."""
