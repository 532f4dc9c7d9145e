"""Rules on records: typed rules, outcomes with reasons, verdicts. Pure."""
