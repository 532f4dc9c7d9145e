"""Conditions on blocks of records: the same operators as on one record, over numpy arrays."""
