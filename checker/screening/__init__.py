"""A screening: briefs' rules on files of influencers, however many, each line with its verdict."""

from checker.screening.briefs import OneBrief, load_briefs
from checker.screening.options import Options
from checker.screening.run import screen

__all__ = ["OneBrief", "Options", "load_briefs", "screen"]
