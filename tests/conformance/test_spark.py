"""The conformance cases of one influencer, one by one, on a session of Spark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conformance.engines import Case
from tests.conformance.test_conformance import same
from tests.conformance.test_duck import TEXTS, VALUES

pytest.importorskip("pyspark", reason='needs the extra "spark"')

from tests.conformance.spark import Answer, parted, run

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.xdist_group("spark")

_ROOT = Path(__file__).parents[2]


class Spark:
    """A session, and what the jobs that were asked for gave on it."""

    def __init__(self, session: SparkSession) -> None:
        self.session = session
        self._jobs = {case.name: cases for cases in parted([*VALUES, *TEXTS]) for case in cases}
        self._found: dict[str, list[Answer] | Exception] = {}

    def answers(self, case: Case) -> list[Answer]:
        """Return what a case gave on each kind of columns; its job runs once."""
        if case.name not in self._found:
            self._run(self._jobs[case.name])
        found = self._found[case.name]
        if isinstance(found, Exception):
            raise found
        return found

    def _run(self, cases: list[Case]) -> None:
        given: dict[str, list[Answer]] = {case.name: [] for case in cases}
        try:
            for name, answer in run(self.session, cases):
                given[name].append(answer)
        except Exception as error:  # Each case of the job says so.
            self._found.update(dict.fromkeys(given, error))
        else:
            self._found.update(given)


@pytest.fixture(scope="module")
def spark() -> Iterator[Spark]:
    from checker.screening.spark_session import spark_session

    with pytest.MonkeyPatch.context() as patched:
        # Spark's Python finds the tests here.
        known = [each for each in (os.environ.get("PYTHONPATH"),) if each]
        patched.setenv("PYTHONPATH", os.pathsep.join([str(_ROOT), *known]))
        with spark_session("local[2]") as session:
            yield Spark(session)


@pytest.mark.parametrize("case", VALUES, ids=lambda case: case.name)
def test_value(case: Case, spark: Spark) -> None:
    answers = spark.answers(case)
    assert answers
    for answer in answers:
        assert same(answer.value, case.expected["value"]), f"{case.source} is {answer}"


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case.name)
def test_text(case: Case, spark: Spark) -> None:
    answers = spark.answers(case)
    assert answers
    assert {answer.value for answer in answers} == {case.expected["text"]}


def test_both_kinds_of_columns_give_cases_and_little_is_left_to_the_evaluator(spark: Spark) -> None:
    every = {case.name: spark.answers(case) for case in (*VALUES, *TEXTS)}
    both = [name for name, given in every.items() if {each.ranges for each in given} == {0, 1}]
    assert len(both) > len(every) / 2
    left = [name for name, given in every.items() if all(each.by_hand for each in given)]
    # Letters beyond ASCII, and what DuckDB cannot prove or word.
    assert len(left) <= len(every) / 10, sorted(left)
