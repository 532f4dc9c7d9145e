"""The condition language: parse, check types, specialise to a brief, evaluate, write."""
