"""One file of 64 MiB, 50 ms away, from a server that sends each session 4 MiB/s: `ferry get --segments 4` beside lftp's
`pget -n 4` and curl, in alternating runs with vsftpd. Needs root, for the link; says so and measures nothing where there
can be none.
"""

import argparse
import os
import shutil
import sys

import contest
import far
import measure
import servers
from clients import Clients
from contest import Row

WALL = 1.10


class FileWork:
    def __init__(self, clients, source, target, segments, environment):
        self.clients, self.target, self.segments, self.environment = clients, target, segments, environment
        self.digests = contest.digests(source)

    def command(self, name):
        if name == "ferry":
            return self.clients.ferry("get", "/large", self.target, "--segments", str(self.segments))
        local = os.path.join(self.target, "large")
        if name == "curl":
            return self.clients.curl("get", [(f"/{self.clients.root}/large", local)], 1)
        return self.clients.lftp(f"pget -n {self.segments} {self.clients.root}/large -o {local}")

    def once(self, name):
        shutil.rmtree(self.target, ignore_errors=True)
        os.makedirs(self.target)
        try:
            usage = measure.run(self.command(name), self.environment, 180)
        except measure.CommandFailed as failure:
            if name == "ferry":
                sys.exit(str(failure))
            return None
        if contest.digests(self.target) != self.digests:
            if name == "ferry":
                sys.exit(f"ferry get --segments: the file in {self.target} is wrong")
            return None
        return usage


def main():
    parser = argparse.ArgumentParser(prog="Tests/Benchmarks/run segments", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--mebibytes", type=int, default=64)
    parser.add_argument("--milliseconds", type=float, default=50)
    parser.add_argument("--segments", type=int, default=4)
    options = parser.parse_args()
    if (reason := far.obstacle()) is not None:
        print(f"segments: not measured, because {reason}")
        return
    folder = measure.work_folder(1 << 29)
    try:
        root, settings = os.path.join(folder, "server"), os.path.join(folder, "vsftpd")
        os.makedirs(root)
        os.makedirs(settings)
        with open(os.path.join(root, "large"), "wb") as file:
            file.write(os.urandom(options.mebibytes << 20))
        limit = [f"anon_max_rate={4 << 20}"]
        with far.Link(options.milliseconds) as link, servers.serving("vsftpd", settings, root, link, limit) as port:
            clients = Clients(link.far, port, root, settings)
            environment = measure.plain_environment(folder)
            work = FileWork(clients, root, os.path.join(folder, "local"), options.segments, environment)
            peer = f"lftp {options.segments}"
            runs = contest.compare(["ferry", peer, "curl"], work.once, options.runs, warm_up=False)
        medians = contest.summarise(runs)
        what = f"{options.mebibytes} MiB over {options.segments} sessions, each limited, {options.milliseconds:.0f} ms away"
        rows = []
        for name in [peer, "curl"]:
            if name in medians:
                measure.note(f"{what}, to {'lftp' if name == peer else name}", medians["ferry"], medians[name])
        if peer in medians:
            rows = [Row(f"wall, ratio to lftp's pget -n {options.segments}", medians["ferry"].wall / medians[peer].wall, WALL)]
        fine = contest.show(what, runs, rows)
    finally:
        shutil.rmtree(folder)
    sys.exit(0 if fine else 1)


main()
