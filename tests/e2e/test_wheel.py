"""The built wheel, installed somewhere else, has all that it needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.e2e.world import AS_OF, ROOT, process

pytestmark = pytest.mark.xdist_group("wheel")

_SOURCES = ("checker", "rules", "schemas", "pyproject.toml", "README.md", "LICENSE")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build from a copy, so that the repository is left as it is."""
    source = tmp_path_factory.mktemp("source")
    for name in _SOURCES:
        if (ROOT / name).is_dir():
            skip = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, source / name, ignore=skip)
        else:
            shutil.copy(ROOT / name, source / name)
    # The backend itself, as `make wheel` has it called, without a second environment.
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"]
    subprocess.run(build, cwd=source, check=True, capture_output=True)
    (built,) = (source / "dist").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of a new environment that holds the wheel and sees the packages it needs."""
    import click

    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "v"], cwd=folder, check=True)
    python = folder / "v/bin/python"
    install = ["--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", *install]
    subprocess.run(pip, check=True, capture_output=True)
    # What it depends on comes from this environment, without a network.
    packages = sysconfig.get_path("purelib", vars={"base": str(folder / "v")})
    Path(packages, "needed.pth").write_text(str(Path(click.__file__).parents[1]) + "\n")
    return folder / "v/bin/checker"


def test_the_wheel_carries_rules_schemas_and_starter(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    for folder in ("rules", "schemas"):
        for path in filter(Path.is_file, (ROOT / folder).rglob("*")):
            assert f"checker/{path.relative_to(ROOT).as_posix()}" in names
    for folder in ("checker/cli/starter", "checker/loading/importing/formats"):
        for path in filter(Path.is_file, (ROOT / folder).rglob("*")):
            assert path.relative_to(ROOT).as_posix() in names
    assert not any(name.startswith(("tests/", "samples/")) for name in names)


def test_the_installed_program_is_the_wheels(program: Path, tmp_path: Path) -> None:
    code = "import checker, sys; print(checker.__file__)"
    python = program.with_name("python")
    done = subprocess.run(
        [str(python), "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True,
        env={},
    )  # fmt: skip
    assert str(program.parents[1]) in done.stdout


def test_it_checks_a_brief_outside_the_repository(program: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    args = ("check", "samples/bramble/spring", "--as-of", AS_OF)
    done = process(*args, folder=tmp_path, program=program)
    assert (done.code, done.err) == (1, "")
    assert done.out == process(*args, folder=tmp_path).out


def test_it_starts_a_project(program: Path, tmp_path: Path) -> None:
    done = process("init", folder=tmp_path, program=program)
    assert (done.code, done.err) == (0, "")
    assert (tmp_path / ".github/workflows/checker.yml").is_file()
    done = process("check", folder=tmp_path, program=program)
    assert done.code == 1
    for verdict in ("pass", "fail", "undecided"):
        assert f"  {verdict}" in done.out


def test_it_tests_the_rules_that_it_carries(program: Path, tmp_path: Path) -> None:
    done = process("test", folder=tmp_path, program=program)
    assert (done.code, done.err) == (0, "")
    assert "all as expected" in done.out
    assert "no error" in process("lint", folder=tmp_path, program=program).out
