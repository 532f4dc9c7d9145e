"""Files in, records and rules out: JSON, YAML and CSV, each value with its place."""
