"""Rules as DuckDB's SQL, for millions of records."""
