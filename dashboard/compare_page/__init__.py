"""The Compare page: two saved plans side by side, and the list of what is saved."""
