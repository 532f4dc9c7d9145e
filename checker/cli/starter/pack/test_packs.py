"""The packs are sound, and every example of a rule comes out as it says."""

import subprocess
import sys

import pytest


@pytest.mark.parametrize("command", ["lint", "test"])
def test_packs(command: str) -> None:
    """A command ends with 0."""
    done = subprocess.run([sys.executable, "-m", "checker", command], check=False)
    assert done.returncode == 0
