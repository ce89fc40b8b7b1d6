"""A folder of 100,000 files: `ferry ls` beside lftp's `cls -1`, in alternating runs, with vsftpd and ProFTPD.

Measured are the time to the first row, to the last row, CPU, and peak memory. Ferry prints in order of names, so that
its first row can only come after the last one has arrived: `--unsorted` prints rows as they come.
"""

import argparse
import os
import select
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

import contest
import measure
import servers
from clients import Clients
from contest import Row

FIRST, LAST, CPU, MEMORY = 100, 0.50, 1 / 3, 90


@dataclass
class Listing(measure.Usage):
    """What a listing took; `first` is the time to its first row in seconds."""

    first: float = 0


def run(command, environment, count):
    """Runs a listing to its end; every row has to be there."""
    start = time.monotonic()
    process = subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    output = process.stdout.fileno()
    wait = select.poll()
    wait.register(output, select.POLLIN | select.POLLHUP)
    first, memory, lines = None, 0, 0
    while True:
        memory = max(memory, measure.peak_memory(process.pid))
        if not wait.poll(10):
            continue
        data = os.read(output, 1 << 20)
        if not data:
            break
        first = first or time.monotonic() - start
        lines += data.count(b"\n")
    wall = time.monotonic() - start
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0 or lines != count:
        text = process.stderr.read().decode(errors="replace")
        sys.exit(f"{' '.join(command)}: {process.returncode}, {lines} rows instead of {count}\n{text}")
    return Listing(wall, usage.ru_utime + usage.ru_stime, memory, first)


def main():
    parser = argparse.ArgumentParser(prog="Tests/Benchmarks/run listing", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--server", choices=("vsftpd", "ProFTPD"), action="append")
    options = parser.parse_args()
    folder = measure.work_folder(1 << 30)
    fine = True
    try:
        root = os.path.join(folder, "server")
        os.makedirs(os.path.join(root, "many"))
        for number in range(options.files):
            name = f"file-{number * 7919 % 1000003:06x}-of-many.txt"
            open(os.path.join(root, "many", name), "w", encoding="ascii").close()
        environment = measure.plain_environment(folder)
        for server in options.server or ("vsftpd", "ProFTPD"):
            settings = os.path.join(folder, server)
            os.makedirs(settings)
            with servers.serving(server, settings, root) as port:
                clients = Clients("127.0.0.1", port, root, settings)
                commands = {
                    "ferry": clients.ferry_list("/many") + ["--unsorted"],
                    "lftp": clients.lftp(f"cls -1 {root}/many/"),
                }
                runs = contest.compare(
                    ["ferry", "lftp"], lambda name: run(commands[name], environment, options.files), options.runs)
                fine &= report(server, runs, options.files)
    finally:
        shutil.rmtree(folder)
    sys.exit(0 if fine else 1)


def report(server, runs, count):
    medians = contest.summarise(runs)
    ferry, lftp = medians["ferry"], medians["lftp"]
    firsts = {name: contest.middle([usage.first for usage in usages]) * 1000 for name, usages in runs.items()}
    what = f"a list of {count:,} files from {server}, to lftp; the first row after {firsts['ferry']:.0f} ms"
    measure.note(what, ferry, lftp)
    rows = [
        Row(f"first row (lftp {firsts['lftp']:.0f} ms)", firsts["ferry"], FIRST, " ms"),
        Row("last row, ratio to lftp", ferry.wall / lftp.wall, LAST),
        Row("CPU, ratio to lftp", ferry.cpu / lftp.cpu, CPU),
        Row("peak memory", ferry.memory, MEMORY, " MiB"),
    ]
    return contest.show(f"{server}, a folder of {count} files", runs, rows)


main()
