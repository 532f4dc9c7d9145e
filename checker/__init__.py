"""checker: decides whether an influencer may be signed for a campaign, and says why."""

__version__ = "0.1.0"
