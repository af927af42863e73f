"""What a page or a command asks: a frozen request in, a frozen answer out.

Here, and only here, the layers of the store meet the methods of ``analysis``. The pages draw an
answer, the commands print it, so that both always say the same.
"""
