"""The parts of the Month page."""
