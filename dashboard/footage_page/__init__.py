"""The Footage page, part by part."""
