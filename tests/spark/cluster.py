"""A cluster of Spark on this machine: a master, two workers and a server of Connect, as processes.

All of them listen on the loopback address, on ports that were free, and end with the block.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from checker.screening.spark_session import java

ROOT = Path(__file__).parents[2]
_HOST = "127.0.0.1"
# How long a process may take to be ready; much more than it takes on a busy machine.
_PATIENCE = 120.0
# Of every session on the cluster.
SETTINGS = {
    "spark.cores.max": "2",
    "spark.executor.cores": "1",
    "spark.executor.memory": "512m",
    "spark.driver.memory": "512m",
    "spark.driver.host": _HOST,
    "spark.driver.bindAddress": _HOST,
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    # Small pieces, so that a file of some hundred lines has several.
    "spark.sql.files.maxPartitionBytes": "100000",
    "spark.sql.files.openCostInBytes": "0",
    # A task that fails is not worth a second try here.
    "spark.task.maxFailures": "1",
}


@dataclass(frozen=True)
class Cluster:
    """Where a cluster is, and the folders in which its two workers work."""

    master: str
    env: Mapping[str, str]
    workers: tuple[Path, ...]
    folder: Path

    def executors(self) -> list[set[str]]:
        """Return the applications that each worker ran executors for."""
        return [{path.name for path in worker.glob("app-*")} for worker in self.workers]


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Run a master and two workers."""
    with ExitStack() as stack:
        stack.enter_context(java())
        env = _environment(folder)
        port = _free_port()
        master = f"spark://{_HOST}:{port}"
        start = ["org.apache.spark.deploy.master.Master", "--host", _HOST, "--port", str(port)]
        log = stack.enter_context(_running([*start, "--webui-port", "0"], env, folder / "master"))
        _wait_for(log, "New state: ALIVE")
        workers = tuple(folder / name for name in ("one", "two"))
        for worker in workers:
            start = ["org.apache.spark.deploy.worker.Worker", "--host", _HOST, "--cores", "2"]
            start += ["--memory", "1200m", "--webui-port", "0", "--work-dir", str(worker)]
            worker.mkdir()
            log = stack.enter_context(_running([*start, master], env, worker / "log"))
            _wait_for(log, "Successfully registered with master")
        yield Cluster(master, env, workers, folder)


@contextmanager
def connect_server(on: Cluster) -> Iterator[str]:
    """Run a server of Spark Connect on a cluster; gives its address."""
    port = _free_port()
    start = ["org.apache.spark.deploy.SparkSubmit", "--master", on.master]
    start += ["--class", "org.apache.spark.sql.connect.service.SparkConnectServer"]
    start += ["--conf", f"spark.connect.grpc.binding.address={_HOST}"]
    start += ["--conf", f"spark.connect.grpc.binding.port={port}", "spark-internal"]
    env = {**on.env, "SPARK_DAEMON_MEMORY": "600m"}
    with _running(start, env, on.folder / "connect") as log:
        _wait_for(log, "Spark Connect server started")
        yield f"sc://{_HOST}:{port}"


def _environment(folder: Path) -> dict[str, str]:
    import pyspark

    settings = folder / "conf"
    settings.mkdir()
    text = "".join(f"{name} {value}\n" for name, value in SETTINGS.items())
    (settings / "spark-defaults.conf").write_text(text)
    return {
        **os.environ,
        "SPARK_HOME": str(Path(pyspark.__file__).parent),
        "SPARK_CONF_DIR": str(settings),
        "SPARK_LOCAL_IP": _HOST,
        "SPARK_DAEMON_MEMORY": "256m",
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": str(ROOT),
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class _Log:
    process: subprocess.Popen[bytes]
    path: Path


@contextmanager
def _running(arguments: Sequence[str], env: Mapping[str, str], log: Path) -> Iterator[_Log]:
    """Run a class of Spark, with all that it starts, until the block ends."""
    command = [str(Path(env["SPARK_HOME"]) / "bin" / "spark-class"), *arguments]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            yield _Log(process, log)
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
            process.wait(20)
        except (ProcessLookupError, subprocess.TimeoutExpired):
            continue


def _wait_for(log: _Log, words: str) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        said = log.path.read_text(errors="replace")
        if words in said:
            return
        if log.process.poll() is not None:
            raise RuntimeError(f"{log.path.name} ended before it was ready:\n{said[-3000:]}")
        time.sleep(0.1)
    raise TimeoutError(f"{log.path.name} was not ready in time:\n{said[-3000:]}")
