"""The Import page, step by step: file, columns, rows, map, written.

``steps`` knows what is done and what follows, and knows no page; the other modules draw.
"""
