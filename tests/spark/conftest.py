"""One cluster for all tests; they are skipped where pyspark is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bulk import roster
from tests.bulk.conftest import BRAND, BRIEF

pytest.importorskip("pyspark", reason='needs the extra "spark"')
pytest.importorskip("duckdb", reason='needs the extra "spark"')

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

    from tests.spark.cluster import Cluster

CONFIG = """\
packs: [alignment, tiers, ours.yaml]
waivers_file: waivers.yaml
"""
# A pack of the project: workers have it from the driver alone.
OURS = """\
pack: ours
version: 1.0.0
title: Our own rules
sources: {us: {title: Our own rules, strength: ours}}
rules:
  - id: posts-often
    title: The influencer posts often enough
    scope: influencer
    severity: error
    source: us
    params: {least: {default: 3000, source: ours}}
    require: influencer.average_monthly_views >= params.least
"""
WAIVERS = """\
waivers:
  - rule: posts-often
    subject: "@maisie.7"
    status: unknown
    reason: she is new
    owner: Jo Park
    expires: 2026-03-12
"""


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    from tests.spark.cluster import cluster as run

    with run(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.fixture(scope="session")
def connect(cluster: Cluster) -> Iterator[SparkSession]:
    """A session through a server of Spark Connect, on the cluster."""
    from pyspark.sql import SparkSession

    from tests.spark.cluster import connect_server

    with connect_server(cluster) as address:
        session = SparkSession.builder.remote(address).getOrCreate()
        yield session
        session.stop()


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a pack and waivers of its own, and rosters that are not all sound."""
    folder = tmp_path_factory.mktemp("project")
    files = {"brand.yaml": BRAND, "brief.yaml": BRIEF, "checker.yaml": CONFIG}
    for name, text in {**files, "ours.yaml": OURS, "waivers.yaml": WAIVERS}.items():
        (folder / name).write_text(text)
    (folder / "roster.ndjson").write_bytes(_roster())
    roster.write(folder / "more [1].ndjson", 40, seed=2)
    return folder


def _roster() -> bytes:
    """Return lines with holes and ranges; some broken, odd, blank, twice there, or cut off."""
    lines = list(roster.lines(400, seed=1, broken_share=0.06, odd_share=0.06))
    lines[50] = ""
    lines[60] = lines[5]
    whole = "\ufeff" + "\n".join(lines) + "\n"
    return whole.encode() + b'{"id": "\xff"}\n' + b'{"id": "cut", "hand'
