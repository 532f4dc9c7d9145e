"""The rules of a brief on blocks of records: statuses, verdicts, words, and the table of them.

Nothing here opens a file or starts a process.
"""
