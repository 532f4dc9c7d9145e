"""A screening from the first line to the last: files in, the table and the summary out."""
