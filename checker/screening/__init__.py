"""A screening: briefs' rules on files of influencers, however many, each line with its verdict."""

from checker.screening.briefs import OneBrief, load_briefs
from checker.screening.options import Options
from checker.screening.running.processes import Job
from checker.screening.running.run import screen

__all__ = ["Job", "OneBrief", "Options", "load_briefs", "screen"]
