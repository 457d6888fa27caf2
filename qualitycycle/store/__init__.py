"""DuckDB: one file, one write path, numbered migrations. Knows nothing of screens or verbs."""
