"""The Plan page: the wishes, the search while it runs, and the plan with its reasons."""
