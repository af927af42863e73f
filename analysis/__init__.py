"""What follows: pure functions on geometry and counts.

This room owns the vocabulary (columns with units, records, errors) and the methods. It touches no
file, network, clock, store or page, and holds no sentence meant for a reader.
"""
