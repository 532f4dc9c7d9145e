"""Every diagnostic of `checker lint`: its code, how grave it is, why, and how it is mended.

`docs/lint.md` is written from this table, and `checker explain CODE` prints from it. `wrong` and
`right` are parts of a rule, or of a pack; tests put them into a rule and lint it.
"""

from __future__ import annotations

from typing import Literal

from checker.model.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A diagnostic: an error where the rule cannot mean what it says, else a warning."""

    code: str
    severity: Literal["error", "warning"]
    title: str
    why: str
    wrong: str
    right: str


_ALL = (
    Code(
        "never-fails",
        "error",
        "A rule that can never fail",
        "Whatever a record says, the condition is true or unknown. The rule looks as if something "
        "was checked, and nothing is. Where it only is so because of the rule's params as they "
        "are, this is a warning.",
        "require: influencer.engagement.rate <= 1",
        "require: influencer.engagement.rate <= 0.2",
    ),
    Code(
        "never-passes",
        "error",
        "A rule that can never pass",
        "Whatever a record says, the condition is false or unknown; often two parts exclude each "
        "other. A rule that means to fail for whoever it applies to says so with `require: false`.",
        "require: influencer.followers > 100_000 and influencer.followers < 50_000",
        "require: influencer.followers > 50_000 and influencer.followers < 100_000",
    ),
    Code(
        "only-unknown",
        "error",
        "A rule that can only be unknown",
        "Something in the condition is always missing or undefined: a path that `when` says is "
        "not there, or a division by 0. The rule decides nothing, and asks for facts in vain.",
        "when: not exists(influencer.engagement.rate)\nrequire: influencer.engagement.rate >= 0.02",
        "when: exists(influencer.engagement.rate)\nrequire: influencer.engagement.rate >= 0.02",
    ),
    Code(
        "never-applies",
        "error",
        "A `when` that never holds",
        "The rule is skipped for everybody, and never checks anything.",
        "when: influencer.followers < 0\nrequire: influencer.engagement.rate >= 0.02",
        "when: influencer.followers < 10_000\nrequire: influencer.engagement.rate >= 0.02",
    ),
    Code(
        "always-applies",
        "warning",
        "A `when` that always holds",
        "It skips nobody. All it can do is leave the rule unknown where the fact is missing; "
        "`exists(path)` says so plainly.",
        "when: influencer.followers >= 0\nrequire: influencer.engagement.rate >= 0.02",
        "when: exists(influencer.country)\nrequire: influencer.engagement.rate >= 0.02",
    ),
    Code(
        "always-true",
        "warning",
        "A part of a condition that always holds",
        "It makes no difference, but where the fact is missing. Usually a bound is wrong. "
        "That something may be unknown is left out of account: `exists(path)` asks that.",
        "require: influencer.followers >= 0 and influencer.engagement.rate >= 0.02",
        "require: influencer.followers >= 1_000 and influencer.engagement.rate >= 0.02",
    ),
    Code(
        "always-false",
        "warning",
        "A part of a condition that never holds",
        "What it allows or asks for never happens. Usually a bound or a sign is wrong, or `and` "
        "stands for `or`.",
        "require: >-\n"
        "  influencer.engagement.rate >= 0.02\n"
        "  or (influencer.followers > 100_000 and influencer.followers < 50_000)",
        "require: >-\n"
        "  influencer.engagement.rate >= 0.02\n"
        "  or (influencer.followers > 50_000 and influencer.followers < 100_000)",
    ),
    Code(
        "needless-part",
        "warning",
        "A part of `and` or `or` that changes nothing",
        "Wherever it would settle the condition, the part beside it settles it too. One of the "
        "two is not what was meant, or can be left out.",
        "require: influencer.followers >= 10_000 and influencer.followers >= 1_000",
        "require: influencer.followers >= 1_000",
    ),
    Code(
        "bad-share",
        "error",
        "A share that is compared with a number that no share reaches",
        "Shares run from 0 to 1. 30 was likely meant as 30%, which is 0.3.",
        "require: influencer.engagement.rate >= 2",
        "require: influencer.engagement.rate >= 0.02",
    ),
    Code(
        "assumed-fact",
        "error",
        "An error rule that takes a missing fact for granted",
        "`default` with a constant on what an influencer's or a post's record says decides on a "
        "guess. In an error rule it would pass or fail somebody whom nobody looked at. Let it be "
        "unknown: then the report asks for the fact.",
        "require: default(influencer.engagement.rate, 0.02) >= 0.02",
        "require: influencer.engagement.rate >= 0.02",
    ),
    Code(
        "flag-presence",
        "error",
        "An error rule that asks whether a yes or no was written down, not which",
        "`exists` of a field that is true or false holds where the record says no. In an error "
        "rule that passes on a no, or fails on a yes that nobody wrote down. Ask for the value: it "
        "is unknown where nobody asked, and the report asks for it. A warning may ask whether "
        "somebody asked.",
        "require: exists(influencer.guidelines.acknowledged)",
        "require: influencer.guidelines.acknowledged",
    ),
    Code(
        "empty-all",
        "warning",
        "`all` over a list that may be empty, in an error rule",
        "`all` of nothing is true: the rule passes because there was nothing to look at. Ask for "
        "a member too, or switch this off where nothing is as good as all.",
        "require: all(one.disclosed for one in influencer.sponsorships)",
        "require: >-\n"
        "  count(influencer.sponsorships) > 0\n"
        "  and all(one.disclosed for one in influencer.sponsorships)",
    ),
    Code(
        "wide-range",
        "warning",
        "A range that counts both up and down in one sum or ratio",
        "Each time that a range is written it may take another value, so `a - a` of 400 to 600 is "
        "-200 to 200 and not 0. The result is wider than the truth, and unknown where it need not "
        "be. Write the range once: `a / b - 1` for `(a - b) / b`.",
        "require: >-\n"
        "  (influencer.average_monthly_views - influencer.followers)\n"
        "  / influencer.followers >= 0.1",
        "require: >-\n  influencer.average_monthly_views / influencer.followers - 1 >= 0.1",
    ),
    Code(
        "silent-fail",
        "warning",
        "A text for a failure that leaves out the value that failed",
        "Whoever reads the report has to see what was measured, not only that it was not enough.",
        "require: influencer.engagement.rate >= 0.02\nfail: >-\n  not enough people react",
        "require: influencer.engagement.rate >= 0.02\n"
        "fail: >-\n  only {influencer.engagement.rate:percent} react; 2% is needed",
    ),
    Code(
        "unknown-label",
        "warning",
        "A word that its vocabulary does not have",
        "The records' topics, values, categories and roles have vocabularies, whose words meet "
        "their synonyms. A word that is not in there meets only itself: likely it is misspelt.",
        "require: >-\n  'bueaty' in influencer.topics",
        "require: >-\n  'beauty' in influencer.topics",
    ),
    Code(
        "unused-let",
        "warning",
        "A `let` that nothing reads",
        "It was forgotten, or something else is read in its place.",
        "let:\n"
        "  rate: influencer.engagement.rate\n"
        "  reach: influencer.average_monthly_views\n"
        "require: rate >= 0.02",
        "let:\n  rate: influencer.engagement.rate\nrequire: rate >= 0.02",
    ),
    Code(
        "unused-param",
        "warning",
        "A param that nothing reads",
        "Whoever sets it in checker.yaml changes nothing.",
        "params:\n"
        "  minimum: {default: 0.02, source: ours}\n"
        "require: influencer.engagement.rate >= 0.02",
        "params:\n"
        "  minimum: {default: 0.02, source: ours}\n"
        "require: influencer.engagement.rate >= params.minimum",
    ),
    Code(
        "unused-definition",
        "warning",
        "A definition that nothing calls",
        "No loaded pack calls it, so its types are not checked either. A pack without rules is "
        "there for others, and is not asked.",
        "definitions:\n"
        "  rate_of(person): person.engagement.rate\n"
        "  reach_of(person): person.average_monthly_views\n"
        "rules:\n"
        "  - require: rate_of(influencer) >= 0.02",
        "definitions:\n"
        "  rate_of(person): person.engagement.rate\n"
        "rules:\n"
        "  - require: rate_of(influencer) >= 0.02",
    ),
    Code(
        "unused-table",
        "warning",
        "A table that nothing reads",
        "No loaded pack reads it. The vocabularies of the records' fields are read without being "
        "named.",
        "tables:\n"
        "  limits:\n"
        "    kind: lookup\n"
        "    source: ours\n"
        "    keys: [platform]\n"
        "    columns: {platform: code, least: share}\n"
        "    rows: [{platform: tiktok, least: 0.03}]",
        "tables:\n"
        "  limits:\n"
        "    kind: lookup\n"
        "    source: ours\n"
        "    keys: [platform]\n"
        "    columns: {platform: code, least: share}\n"
        "    rows: [{platform: tiktok, least: 0.03}]\n"
        "rules:\n"
        "  - require: >-\n"
        "      influencer.engagement.rate >= lookup(influencer.platform, tables.limits).least",
    ),
    Code(
        "unused-row",
        "warning",
        "A row of a table that no record reaches",
        "A band lies beyond what the looked-up number can be, or a key is none of the codes that "
        "are looked up: likely it is misspelt.",
        "tables:\n"
        "  limits:\n"
        "    kind: lookup\n"
        "    source: ours\n"
        "    keys: [platform]\n"
        "    columns: {platform: code, least: share}\n"
        "    rows: [{platform: tiktok, least: 0.03}, {platform: tictoc, least: 0.02}]\n"
        "rules:\n"
        "  - require: >-\n"
        "      influencer.engagement.rate >= lookup(influencer.platform, tables.limits).least",
        "tables:\n"
        "  limits:\n"
        "    kind: lookup\n"
        "    source: ours\n"
        "    keys: [platform]\n"
        "    columns: {platform: code, least: share}\n"
        "    rows: [{platform: tiktok, least: 0.03}, {platform: instagram, least: 0.02}]\n"
        "rules:\n"
        "  - require: >-\n"
        "      influencer.engagement.rate >= lookup(influencer.platform, tables.limits).least",
    ),
    Code(
        "unused-source",
        "warning",
        "A source that nothing rests on",
        "No rule, param or table of the pack names it.",
        "sources:\n  study: {title: A study of reactions, strength: guidance}",
        "sources:\n"
        "  study: {title: A study of reactions, strength: guidance}\n"
        "rules:\n"
        "  - source: study",
    ),
    Code(
        "no-source",
        "warning",
        "A table that does not say whose it is",
        "Reports print the source of a threshold. A rule and a param without a source do not load.",
        "tables:\n"
        "  limits:\n"
        "    kind: lookup\n"
        "    keys: [platform]\n"
        "    columns: {platform: code, least: share}\n"
        "    rows: [{platform: tiktok, least: 0.03}]\n"
        "rules:\n"
        "  - require: >-\n"
        "      influencer.engagement.rate >= lookup(influencer.platform, tables.limits).least",
        "tables:\n"
        "  limits:\n"
        "    kind: lookup\n"
        "    source: ours\n"
        "    keys: [platform]\n"
        "    columns: {platform: code, least: share}\n"
        "    rows: [{platform: tiktok, least: 0.03}]\n"
        "rules:\n"
        "  - require: >-\n"
        "      influencer.engagement.rate >= lookup(influencer.platform, tables.limits).least",
    ),
    Code(
        "weak-source",
        "error",
        "An error rule that rests on a vendor's or a blog's figure",
        "Figures of those who sell, and of blogs, have the strength `vendor`. They inform; they "
        "do not keep anybody from being signed. It counts for the rule itself, for a param and for "
        "a table that decides.",
        "params:\n"
        "  minimum: {default: 0.02, source: blog}\n"
        "require: influencer.engagement.rate >= params.minimum",
        "severity: note\n"
        "params:\n"
        "  minimum: {default: 0.02, source: blog}\n"
        "require: influencer.engagement.rate >= params.minimum",
    ),
    Code(
        "no-fix",
        "warning",
        "A rule that does not say what to do when it fails",
        "An error or a warning is of use to whoever can mend it. A note needs no fix.",
        "fix: null",
        "fix: Shortlist somebody whose followers react.",
    ),
    Code(
        "no-example",
        "warning",
        "A rule without an example of a status that it can give",
        "Examples are the rule's tests and its documentation: one that passes, one that fails, "
        "and one that is unknown where the rule can be. Whether it can is tried on the rule's own "
        "examples: one of their facts is taken away at a time.",
        "examples:\n"
        "  pass: [{why: 3% react, influencer: {engagement: {rate: 0.03}}}]\n"
        "  unknown: [{why: nobody counted, influencer: {country: GB}}]",
        "examples:\n"
        "  pass: [{why: 3% react, influencer: {engagement: {rate: 0.03}}}]\n"
        "  fail: [{why: 1% react, influencer: {engagement: {rate: 0.01}}}]\n"
        "  unknown: [{why: nobody counted, influencer: {country: GB}}]",
    ),
    Code(
        "unknown-code",
        "error",
        "A switch for a diagnostic that does not exist",
        "It switches off nothing, and what it was meant for is reported.",
        "lint: {off: {no-fixes: nobody can change it}}",
        "lint: {off: {no-fix: nobody can change it}}\nfix: null",
    ),
    Code(
        "needless-off",
        "warning",
        "A switch that switches off nothing",
        "What it was meant for has been mended, or never was. A switch that is left behind would "
        "hide the next one.",
        "lint: {off: {empty-all: no sponsorship is as good}}",
        "lint: {off: {empty-all: no sponsorship is as good}}\n"
        "require: all(one.disclosed for one in influencer.sponsorships)",
    ),
)

CODES = {each.code: each for each in _ALL}
