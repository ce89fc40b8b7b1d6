"""Runs programs and says what they took."""

import os
import select
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from statistics import median

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../.."))
FERRY = os.environ["FERRY_BINARY"]
MIB = 1 << 20


@dataclass
class Usage:
    """What one run took: seconds of wall time and of CPU (user and system), and the peak of its memory in MiB."""

    wall: float
    cpu: float
    memory: float

    @staticmethod
    def median(runs):
        return Usage(*(median(getattr(run, name) for run in runs) for name in ("wall", "cpu", "memory")))


class CommandFailed(Exception):
    """A measured command did not end with status 0; holds what it wrote."""


def peak_memory(pid):
    """The largest resident set of a process up to now, in MiB; 0 where it is gone."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0


def run(command, environment, limit=600):
    """Runs a command to its end, and returns what it took. Raises CommandFailed where it fails, or runs for more than
    `limit` seconds.

    The peak of the memory is read from /proc while it runs: wait4 would count the memory of this program too.
    """
    with tempfile.TemporaryFile() as output:
        start = time.monotonic()
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        ended = select.poll()
        descriptor = os.pidfd_open(process.pid)
        ended.register(descriptor, select.POLLIN)
        memory = 0
        while not ended.poll(25):
            memory = max(memory, peak_memory(process.pid))
            if time.monotonic() - start > limit:
                process.kill()
        wall = time.monotonic() - start
        _, status, usage = os.wait4(process.pid, 0)
        os.close(descriptor)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            output.seek(0)
            text = output.read().decode(errors="replace")
            raise CommandFailed(f"{' '.join(command)}: {process.returncode}\n{text}")
        return Usage(wall, usage.ru_utime + usage.ru_stime, memory)


def work_folder(size):
    """A new folder in memory where that has room for `size` bytes, else on disk; removed by the caller."""
    memory = "/dev/shm"
    roomy = os.path.isdir(memory) and shutil.disk_usage(memory).free > size
    return tempfile.mkdtemp(prefix="ferry-benchmark-", dir=memory if roomy else None)


def plain_environment(home):
    """An environment without the settings of whoever runs the benchmark."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return kept | {"HOME": home, "FERRY_HOME": os.path.join(home, "ferry"), "LC_ALL": "C.UTF-8", "TZ": "UTC"}


def note(what, ferry, peer):
    """Adds a line to the table that `run` prints at its end: Ferry's wall time and CPU as ratios, and its memory."""
    table = os.environ.get("BENCHMARK_TABLE")
    if table is None:
        return
    cpu = f"{ferry.cpu / peer.cpu:.2f}" if peer.cpu else ""
    with open(table, "a", encoding="utf-8") as file:
        file.write(f"| {what} | {ferry.wall / peer.wall:.2f} | {cpu} | {ferry.memory:.0f} MiB |\n")


def verdict(name, value, limit, unit=""):
    """Prints one measured value beside its limit."""
    print(f"  {'ok  ' if value <= limit else 'OVER'}  {name}: {value:.2f}{unit}, at most {limit:.2f}{unit}")
    return value <= limit
