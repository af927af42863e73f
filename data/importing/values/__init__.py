"""What one cell says: days, hours, amounts, numbers, words and points."""
