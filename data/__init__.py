"""What is known: the store, the import of files, the demo city, the reference tables."""
