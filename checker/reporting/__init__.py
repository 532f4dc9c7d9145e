"""Reporters: a report in, text out. They read nothing else and change nothing."""
