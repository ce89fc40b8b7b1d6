"""300 files of 4 KiB over a link of 50 ms, down and up: `ferry get` and `ferry put` beside lftp's mirror, in alternating
runs with vsftpd on a far host.

lftp runs with each --parallel of 1, 4 and 8, and its best wall time counts, against Ferry with as many sessions. Needs
root, for the link; says so and measures nothing where there can be none.
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
from tree import TreeWork

WALL = 0.25


def main():
    parser = argparse.ArgumentParser(prog="Tests/Benchmarks/run distance", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--milliseconds", type=float, default=50)
    parser.add_argument("--jobs", type=int, default=8)
    parser.add_argument("--direction", choices=("get", "put"), action="append")
    parser.add_argument("--peer", action="append", help='such as "lftp 8"; all of them by default')
    options = parser.parse_args()
    if (reason := far.obstacle()) is not None:
        print(f"distance: not measured, because {reason}")
        return
    folder = measure.work_folder(1 << 28)
    fine = True
    try:
        root, source = os.path.join(folder, "server"), os.path.join(folder, "tree")
        files = contest.make_tree(source, options.files, max(1, options.files // 50), 4096)
        shutil.copytree(source, os.path.join(root, "tree"))
        settings = os.path.join(folder, "vsftpd")
        os.makedirs(settings)
        environment = measure.plain_environment(folder)
        with far.Link(options.milliseconds) as link, servers.serving("vsftpd", settings, root, link) as port:
            clients = Clients(link.far, port, root, settings)
            for direction in options.direction or ("get", "put"):
                work = TreeWork(clients, direction, files, source, os.path.join(folder, "local"), environment)
                work.options = ["--jobs", str(options.jobs)]
                peers = options.peer or ["lftp 1", "lftp 4", "lftp 8"]
                runs = contest.compare(["ferry", *peers], work.once, options.runs, warm_up=False)
                medians = contest.summarise(runs)
                rows = []
                if len(medians) > 1:
                    peer = contest.best(medians)
                    what = f"{len(files)} of them {'from' if direction == 'get' else 'to'} vsftpd"
                    what += f" {options.milliseconds:.0f} ms away, to {contest.with_options(peer)}"
                    measure.note(what, medians["ferry"], medians[peer])
                    rows = [Row(f"wall, ratio to {peer}", medians["ferry"].wall / medians[peer].wall, WALL)]
                title = f"vsftpd {options.milliseconds:.0f} ms away, {direction} of {len(files)} files, ferry --jobs {options.jobs}"
                fine &= contest.show(title, runs, rows, per=len(files))
    finally:
        shutil.rmtree(folder)
    sys.exit(0 if fine else 1)


main()
