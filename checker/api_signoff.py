"""The Python API of the sign-off: make a record, check one.

    from datetime import date
    from pathlib import Path
    from checker import api_signoff

    signing = api_signoff.sign_off(Path("briefs/spring"), by="Jo Park", as_of=date(2026, 3, 2))
    checked = api_signoff.verify(Path("briefs/spring/brief.signoff.json"))
    print(checked.as_signed, [each.code for each in checked.differences])

Everything raises `checker.model.diagnostics.CheckerError`, as `checker.api` does.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.api import exit_code, load_rules
from checker.engine.judge import judge
from checker.engine.reach import reach_of
from checker.files import is_folder, real_path
from checker.loading.campaigns import load_campaign
from checker.loading.inputs import input_files, read_input
from checker.loading.json_text import read_json
from checker.loading.project import Project, Projects, find_briefs, project_folders
from checker.loading.schemas import read_schema
from checker.loading.source import LIMIT, SourceFile, read_source, recording, shown_path
from checker.model.diagnostics import CheckerError, Diagnostic, InputError, Position, RulesError
from checker.model.frozen import dataclass
from checker.model.inputs import Evaluation, InputKind
from checker.model.records import Campaign
from checker.model.report import Report
from checker.signoff.canonical import canonical, render
from checker.signoff.compare_outcomes import waiver_end
from checker.signoff.envelope import PAYLOAD_TYPE, pae, wrap
from checker.signoff.keys import AskPassword, keyid, load_signer, load_verifier
from checker.signoff.record import find_root, place_of, read_signoff
from checker.signoff.statement import make_statement, waiver_part
from checker.signoff.verifying import verify_signoff

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from checker.model.rules import Pack
    from checker.signoff.differences import Verification

__all__ = ["Signing", "sign_off", "verify"]

SUFFIX = ".signoff.json"


@dataclass(frozen=True, slots=True, eq=False)
class Signing:
    """What came of asking for a sign-off.

    `code` is 0 and `text` the record, or the exit code and `refusals` say why there is none.
    `path` is where the record goes if nobody says otherwise; `inputs` are the files read, and
    `root` the folder that the record's paths start from.
    """

    report: Report
    path: Path
    root: Path
    code: int
    text: str = ""
    refusals: tuple[str, ...] = ()
    inputs: tuple[Path, ...] = ()


def sign_off(
    brief: Path,
    *,
    by: str,
    as_of: date,
    key: Path | None = None,
    today: date | None = None,
    ask_password: AskPassword = lambda: None,
) -> Signing:
    """Check a brief and, where its verdict is pass, make the record of it.

    Args:
        brief: the brief's file, or a folder that holds one.
        by: who signs.
        as_of: the date that `today` means in rules.
        key: a private Ed25519 key in PEM; None makes a record without a signature.
        today: the real date, for waivers; None is today's.
        ask_password: asks for the key's password where it has one.

    Raises:
        CheckerError: the brief, the rules or the key cannot be used.
    """
    signer = load_signer(key, ask=ask_password) if key is not None else None
    path, searched = _one_brief(brief)
    evaluation = _evaluate(path, searched, as_of)
    report = evaluation.report
    assert report is not None
    inputs = tuple(
        place_of(file.name, evaluation.root, shown_path(path)) for file in evaluation.inputs
    )
    target = path.with_name(path.stem + SUFFIX)
    signed_on = today or date.today()
    code, refusals = _refusals(report, signed_on)
    if code:
        return Signing(report, target, evaluation.root, code, refusals=refusals, inputs=inputs)
    statement = make_statement(
        evaluation, report, signed_by=by, signed_on=signed_on, signed=signer is not None
    )
    text = _document(statement, signer)
    if len(text.encode("utf-8")) > LIMIT:
        message = "the record would be larger than can be read again"
        raise InputError.of("too-large", message, report.position)
    return Signing(report, target, evaluation.root, 0, text, inputs=inputs)


def verify(
    path: Path,
    *,
    public_key: Path | None = None,
    may_skip: bool = False,
    project: Path | None = None,
    today: date | None = None,
) -> Verification:
    """Run everything that was signed off again, and say what differs.

    Args:
        path: the sign-off record.
        public_key: the public Ed25519 key, in PEM, that must have signed it.
        may_skip: a signed record may go without a key: its signature is not checked.
        project: the folder that the record's paths start from; None means that of the repository
            that the record lies in, else of the configuration above it, else those of the current
            folder.
        today: the real date, for waivers; None is today's.

    Raises:
        CheckerError: the record cannot be read, a path in it leaves the project, or it is not
            clear where that is (exit code 3); the key cannot be used (2).
    """
    verifier = load_verifier(public_key) if public_key is not None else None
    source = read_source(path, shown_as=shown_path(path))
    record = read_signoff(
        source.text, shown=source.name, schema=read_schema("signoff"), parse=_parse
    )
    root = project or find_root(record, project_folders(path.parent) or project_folders(Path()))
    return verify_signoff(
        record,
        root=real_path(root),
        evaluate=lambda brief, folder, day: _evaluate(brief, folder, day, again=True),
        read=lambda place, folder: read_input(place, root=folder),
        verifier=verifier,
        may_skip=may_skip,
        today=today or date.today(),
    )


def _parse(name: str, text: str) -> Any:
    return read_json(SourceFile(name, text)).data


def _one_brief(path: Path) -> tuple[Path, Path]:
    """Return the one brief of a file or folder, and the folder that was searched for it."""
    found = find_briefs([path])
    if len(found) > 1:
        names = ", ".join(shown_path(each) for each in found[:5])
        message = f"{len(found)} briefs stand here; a sign-off is about one"
        position = Position(shown_path(path))
        raise RulesError.of("several-briefs", message, position, f"Name one: {names}")
    return found[0], path if is_folder(path) else found[0].parent


def _evaluate(path: Path, searched: Path, as_of: date, *, again: bool = False) -> Evaluation:
    """Check a brief and keep what was read, by names from the project's folder.

    `again` takes the names from the folder that was searched, and gives an evaluation without a
    report where the brief cannot be checked, instead of raising what is wrong.
    """
    projects = Projects()
    projects.remember(path, searched)
    campaign: Campaign | None = None
    report: Report | None = None
    wrong: tuple[Diagnostic, ...] = ()
    packs: tuple[Pack, ...] = ()
    project = Project(searched if again else real_path(searched))
    with recording() as reads:
        try:
            project = projects.of(path)
            try:
                campaign = load_campaign(path, project)
            except InputError:
                # Rules that cannot be used are said first.
                packs = load_rules(project=project).packs
                raise
            rules = load_rules(project=project, reach=reach_of(campaign))
            packs = rules.packs
            report = judge(campaign, rules, as_of=as_of)
        except CheckerError as error:
            if not again:
                raise
            wrong = error.diagnostics
    base = searched if again else project.root
    kinds = _kinds(path, project, packs, campaign)
    files = input_files(reads, root=base, kinds=kinds)
    shipped = frozenset(
        pack.digest for pack in packs if pack.origin == "shipped" or pack.distribution
    )
    return Evaluation(base, files, shipped, report, wrong)


def _kinds(
    brief: Path, project: Project, packs: Iterable[Pack], campaign: Campaign | None
) -> dict[str, InputKind]:
    """Return the kind of each file by the name that messages show."""
    kinds: dict[str, InputKind] = {}
    if campaign is not None:
        shortlist = (entry.influencer or entry.deal for entry in campaign.shortlist)
        kinds.update((record.position().file, "shortlist") for record in shortlist)
        kinds.update((entry.position.file, "shortlist") for entry in campaign.shortlist)
        kinds.update((draft.position.file, "post") for draft in campaign.posts)
        kinds[campaign.brand.position().file] = "brand"
    kinds.update((pack.position.file, "pack") for pack in packs)
    kinds.update((waiver.position.file, "waivers") for waiver in project.config.waivers)
    if project.config_path is not None:
        kinds[project.shown(project.config_path)] = "configuration"
    kinds[project.shown(brief)] = "brief"
    return kinds


def _refusals(report: Report, today: date) -> tuple[int, tuple[str, ...]]:
    """Return the exit code that keeps a report from being signed, 0 for none, and why.

    A waiver that has ended by the real date counts for nothing, whatever the report's date.
    """
    code = exit_code([report])
    said = [] if not code else [f"the verdict is {report.verdict}"]
    for use in report.waivers:
        waiver = use.waiver
        if use.state == "expired" or (
            use.state == "used" and date.fromisoformat(waiver.expires) < today
        ):
            code = code or 1
            said.append(waiver_end(waiver_part(waiver), "expired"))
    if report.verdict != "pass" and not code:
        code = 4
        said.append(f"the verdict is {report.verdict}")
    return code, tuple(said)


def _document(statement: dict[str, Any], signer: Ed25519PrivateKey | None) -> str:
    if signer is None:
        return render(statement)
    payload = canonical(statement)
    signature = signer.sign(pae(PAYLOAD_TYPE, payload))
    return render(wrap(payload, keyid=keyid(signer.public_key()), signature=signature))
