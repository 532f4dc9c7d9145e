"""Influencer records from what other tools export."""
