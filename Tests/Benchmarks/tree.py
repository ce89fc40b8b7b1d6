"""A tree of small files, down and up: `ferry get` and `ferry put` beside lftp's mirror and curl, in alternating runs.

5,000 files of 4 KiB in 50 folders, on loopback, in memory. lftp runs with each --parallel of 1, 4 and 8, curl with
--parallel; the better one of them counts, against Ferry with as many sessions. Every file's SHA-256 is compared after
every run: a peer that has lost files has not done the work, and Ferry's row fails.
"""

import argparse
import os
import shutil
import sys

import contest
import measure
import servers
from clients import Clients
from contest import Row

WALL, CPU = 0.50, 1 / 3


class TreeWork:
    """One direction of the tree between one server and a local folder."""

    def __init__(self, clients, direction, files, source, target, environment):
        self.clients, self.direction, self.files, self.environment = clients, direction, files, environment
        self.source, self.target = source, target
        # Of Ferry only.
        self.options = []

    def command(self, name):
        remote, local = "/tree", os.path.join(self.target, "tree")
        if self.direction == "put":
            remote, local = "/upload", self.source
        program, _, parallel = name.partition(" ")
        if program == "ferry":
            # The tree itself goes into the folder that is named.
            place = self.target if self.direction == "get" else local
            return self.clients.ferry(self.direction, remote, place, *self.options)
        if program == "lftp":
            return self.clients.lftp_mirror(self.direction, remote, local, int(parallel))
        return self.clients.curl_tree(self.direction, remote, local, self.files, int(parallel))

    @property
    def result(self):
        if self.direction == "get":
            return os.path.join(self.target, "tree")
        return os.path.join(self.clients.root, "upload")

    def once(self, name, limit=180):
        """Does the work once and checks what came of it; None where it is not all there."""
        for folder in (self.target, os.path.join(self.clients.root, "upload")):
            shutil.rmtree(folder, ignore_errors=True)
            os.makedirs(folder)
        try:
            usage = measure.run(self.command(name), self.environment, limit)
        except measure.CommandFailed as failure:
            if name == "ferry":
                sys.exit(str(failure))
            return None
        result = self.result
        if name == "ferry" and self.direction == "put":
            result = os.path.join(result, os.path.basename(self.source))
        if contest.digests(result) != self.files:
            if name == "ferry":
                sys.exit(f"ferry {self.direction}: not every file is right in {result}")
            return None
        return usage


def main():
    parser = argparse.ArgumentParser(prog="Tests/Benchmarks/run tree", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--files", type=int, default=5_000)
    parser.add_argument("--folders", type=int, default=50)
    parser.add_argument("--jobs", type=int, default=8)
    parser.add_argument("--server", choices=("vsftpd", "ProFTPD"), action="append")
    parser.add_argument("--direction", choices=("get", "put"), action="append")
    parser.add_argument("--peer", action="append", help='such as "lftp 8"; all of them by default')
    options = parser.parse_args()
    peers = options.peer or ["lftp 1", "lftp 4", "lftp 8", "curl 1", "curl 8"]
    folder = measure.work_folder(1 << 30)
    fine = True
    try:
        root, source = os.path.join(folder, "server"), os.path.join(folder, "tree")
        files = contest.make_tree(source, options.files, options.folders, 4096)
        shutil.copytree(source, os.path.join(root, "tree"))
        environment = measure.plain_environment(folder)
        for server in options.server or ("vsftpd", "ProFTPD"):
            settings = os.path.join(folder, server)
            os.makedirs(settings)
            with servers.serving(server, settings, root) as port:
                clients = Clients("127.0.0.1", port, root, settings)
                for direction in options.direction or ("get", "put"):
                    work = TreeWork(clients, direction, files, source, os.path.join(folder, "local"), environment)
                    work.options = ["--jobs", str(options.jobs)]
                    runs = contest.compare(["ferry", *peers], work.once, options.runs)
                    fine &= report(server, direction, runs, len(files))
    finally:
        shutil.rmtree(folder)
    sys.exit(0 if fine else 1)


def report(server, direction, runs, count):
    medians = contest.summarise(runs)
    what = f"{count:,} files of 4 KiB {'from' if direction == 'get' else 'to'} {server}"
    rows = []
    if len(medians) > 1:
        peer = contest.best(medians)
        rows.append(Row(f"wall, ratio to {peer}", medians["ferry"].wall / medians[peer].wall, WALL))
        measure.note(f"{what}, to {contest.with_options(peer)}", medians["ferry"], medians[peer])
    if "curl 1" in medians:
        rows.append(Row("CPU, ratio to curl 1", medians["ferry"].cpu / medians["curl 1"].cpu, CPU))
        measure.note(f"{what}, to curl", medians["ferry"], medians["curl 1"])
    return contest.show(f"{server}, {direction} of {count} files", runs, rows, per=count)


if __name__ == "__main__":
    main()
