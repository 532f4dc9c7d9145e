"""Rule packs that Python distributions bring: found by their entry points, and never imported.

Versions, pins and indexes are pip's. Only names that somebody asks for are looked up.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from checker.files import is_folder

if TYPE_CHECKING:
    from importlib.metadata import Distribution, EntryPoint

GROUP = "checker.packs"
_PACKAGE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")


class Installed(NamedTuple):
    """A set of packs that a distribution offers by a name; without a folder it is broken."""

    name: str
    distribution: str
    version: str
    folder: Path | None

    @property
    def origin(self) -> str:
        """What it is and of which version, for reports."""
        return f"{self.distribution} {self.version}"


@cache
def installed(name: str) -> tuple[Installed, ...]:
    """Return the sets that are installed by a name: one, or none, or several that disagree."""
    from importlib.metadata import entry_points

    return tuple(map(_offered, entry_points(group=GROUP, name=name)))


def installed_names() -> list[str]:
    """Return the names of all sets that are installed, for who mistypes one."""
    from importlib.metadata import entry_points

    return sorted({point.name for point in entry_points(group=GROUP)})


def offered_in(folder: Path) -> list[Installed]:
    """Return the sets of the distributions that stand in a folder, as `pip --target` puts them."""
    from importlib.metadata import distributions

    points = (point for each in distributions(path=[str(folder)]) for point in each.entry_points)
    return [_offered(point) for point in points if point.group == GROUP]


def _offered(point: EntryPoint) -> Installed:
    # Whoever made an entry point from a distribution's file knows the distribution.
    distribution: Distribution = point.dist  # type: ignore[assignment]
    version = str(distribution.metadata["Version"] or "0")
    folder = _folder(point.value, distribution)
    return Installed(point.name, str(distribution.metadata["Name"]), version, folder)


def _folder(value: str, distribution: Distribution) -> Path | None:
    """Return the folder of a package, without running anything of it."""
    package = value.partition(":")[0].strip()
    if not _PACKAGE.fullmatch(package):
        return None
    top, *below = package.split(".")
    place = Path(str(distribution.locate_file(top)))
    if not is_folder(place):  # What is installed to be edited stands elsewhere.
        from importlib.util import find_spec

        spec = find_spec(top)
        found = list(spec.submodule_search_locations or ()) if spec else []
        place = Path(found[0]) if found else place
    folder = place.joinpath(*below)
    return folder if is_folder(folder) else None
