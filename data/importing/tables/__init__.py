"""Which cells of a sheet are a table: its headings, its rows, what each column holds."""
