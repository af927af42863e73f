"""Pages for paper: what is handed out, signed or taken along."""
