"""What is in a file: bytes into sheets of raw cells, of every kind of spreadsheet."""
