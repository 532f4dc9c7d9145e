"""The meaning of operators on single values that the SQL is held to."""
