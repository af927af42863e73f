"""Which case a row tells: one that the store knows, or another."""
