"""What is shown: pages, maps, charts, texts, and the command line."""
