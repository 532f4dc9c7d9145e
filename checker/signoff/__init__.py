"""The sign-off record: what was checked, on which bytes, with what outcome, and by whom."""
