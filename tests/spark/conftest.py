"""One cluster for all tests; they are skipped where pyspark is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.bulk import roster
from tests.bulk.conftest import BRAND, BRIEF

pytest.importorskip("pyspark", reason='needs the extra "spark"')
pytest.importorskip("msgspec", reason='needs the extra "spark"')

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


@pytest.fixture(scope="module", params=["classic", "connect"])
def spark(request: pytest.FixtureRequest, cluster: Cluster) -> Iterator[SparkSession]:
    """A session on the cluster: the driver in this process, then through Spark Connect."""
    # One process may have both in turn, if the second does not find what the first has set.
    with pytest.MonkeyPatch.context() as patched:
        for name in ("SPARK_CONNECT_MODE_ENABLED", "SPARK_REMOTE"):
            patched.setenv(name, "")
            patched.delenv(name)
        with ExitStack() as stack:
            start = _classic if request.param == "classic" else _connect
            yield stack.enter_context(start(cluster, patched))


@contextmanager
def _classic(cluster: Cluster, patched: pytest.MonkeyPatch) -> Iterator[SparkSession]:
    from pyspark.sql import SparkSession

    from tests.spark.cluster import SETTINGS

    for name, value in cluster.env.items():
        patched.setenv(name, value)
    builder = SparkSession.builder.master(cluster.master)
    # An earlier test may have started the Java of this process, with other settings.
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


@contextmanager
def _connect(cluster: Cluster, patched: pytest.MonkeyPatch) -> Iterator[SparkSession]:
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
