"""A project to screen in."""

from tests.bulk.conftest import project

__all__ = ["project"]
