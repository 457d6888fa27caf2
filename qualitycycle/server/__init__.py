"""The web process: what stands around the pages."""
