"""The page Before and after: what is asked, what was found, on what it rests."""
