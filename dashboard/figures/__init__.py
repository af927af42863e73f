"""Charts and tables of the pages: an answer in, a figure or a frame out; nothing is drawn here."""
