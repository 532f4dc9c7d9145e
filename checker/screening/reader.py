"""The lines that DuckDB leaves: read strictly, validated, judged by the evaluator."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from checker.bulk.columns import Columns
from checker.bulk.judged import Judge
from checker.bulk.lines import Lines, Refused
from checker.bulk.screener import Judged
from checker.loading.json_text import read_json
from checker.loading.shortlist import influencer_record
from checker.loading.source import SourceFile
from checker.loading.validation import known_nulls_left_out, validate
from checker.model.diagnostics import Diagnostic, InputError
from checker.model.records import Record
from checker.screening.briefs import OneBrief


class Reader:
    """Reads and judges the lines that DuckDB leaves: full validation, then the evaluator."""

    def __init__(self, brief: OneBrief, judge_: Judge, keep: Sequence[str]) -> None:
        self.brief = brief
        self.judge = judge_
        self.keep = keep
        self.shown = ""
        self.by_column = True
        self.terms: Mapping[int, Mapping[str, Any]] = {}
        self.strange = set(keep) - set(brief.rules.types["influencer"].fields)

    def take(self, lines: Lines | Columns, shown: str, *, by_column: bool) -> None:
        """Take the lines that are asked for next."""
        self.shown, self.terms, self.by_column = shown, lines.terms, by_column

    def __call__(self, number: int, text: str | None) -> Judged | Refused | None:
        """Judge a line, given its number; None is text that is not UTF-8, or an empty line."""
        if text is None:
            return Refused(number, ("the text is not UTF-8",))
        if not text.strip():
            return None
        try:
            line = SourceFile(self.shown, text.rstrip("\n"), one_line=True)
            document = read_json(line, first_line=number)
        except InputError as error:
            return Refused(number, self._reasons(error.diagnostics))
        schemas = self.brief.project.schemas
        data = known_nulls_left_out("influencer", document, schemas=schemas)
        kept: list[str | None] = [None] * len(self.keep)
        if isinstance(data, dict):
            kept = [_kept(data.get(name)) for name in self.keep]
            data = {name: value for name, value in data.items() if name not in self.strange}
        found = validate(
            "influencer",
            data,
            document.locate,
            locate_key=document.locate_key,
            schemas=schemas,
        )
        if found:
            return Refused(number, self._reasons(found), _id(data))
        hidden = {"$schema", *self.strange}
        person = {k: value for k, value in document.data.items() if k not in hidden}
        record = influencer_record(person, document.locate)
        terms = self.terms.get(number, {})
        if terms:
            wrong = validate("deal", {"influencer": "", **terms}, document.locate, schemas=schemas)
            if wrong:
                return Refused(number, self._reasons(wrong), record.id)
        return self.judge.judge(record, Record("deal", record.id, terms, document.locate), kept)

    def _reasons(self, found: Sequence[Diagnostic]) -> tuple[str, ...]:
        return tuple(
            f"column {each.position.column}: {each.message}"
            if self.by_column and each.position.column
            else each.message
            for each in found
        )


def _id(data: Any) -> str:
    found = data.get("id") if isinstance(data, dict) else None
    return found if isinstance(found, str) else ""


def _kept(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)
