"""The time from exec to the first full screen of `ferry` beside Midnight Commander's, in alternating runs.

A screen is full when the name of the first file of each pane and the end of the row of function keys, F10 "Quit", have
all been written to the terminal. Escape sequences are taken out of the output before the texts are looked for. Both
start in the same folder, warm, in a terminal of 100 by 30, with an empty home of their own. The medians are compared.
"""

import argparse
import os
import shutil
import sys
from statistics import median

import measure
from measure import FERRY
from pty_run import Program

SMALL, LARGE, MEMORY, IDLE = 3.0, 0.5, 48, 0.0


def make_folder(path, count):
    """The folder with `count` empty files, the first of which by name is called `0-` and the name of the folder."""
    os.makedirs(path)
    open(os.path.join(path, first_in(path)), "w", encoding="ascii").close()
    for number in range(1, count):
        open(os.path.join(path, f"file-{number * 7919 % 1000003:x}.txt"), "w", encoding="ascii").close()


def first_in(path):
    return "0-" + os.path.basename(path)


class Contest:
    """Both programs, on the same two folders."""

    def __init__(self, left, right, home):
        self.texts = [first_in(left), first_in(right), "Quit"]
        self.environment = measure.plain_environment(home) | {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.commands = {
            "ferry": [FERRY, left, right],
            # Without its subshell, which is a shell to start besides.
            "mc": ["mc", "--nosubshell", left, right],
        }

    def once(self, name):
        program = Program(self.commands[name], self.environment)
        try:
            return program.time_until(self.texts), measure.peak_memory(program.pid)
        finally:
            program.end()

    def compare(self, rounds):
        """The median of each program's seconds and peak MiB at its first full screen, by name."""
        runs = {"ferry": [], "mc": []}
        for number in range(rounds + 1):
            for name in ("ferry", "mc") if number % 2 else ("mc", "ferry"):
                run = self.once(name)
                if number:  # the first round only warms up
                    runs[name].append(run)
        return {name: tuple(median(values) for values in zip(*each)) for name, each in runs.items()}

    def idle(self, seconds):
        """CPU seconds and bytes written while nothing happens, and the peak memory after that."""
        program = Program(self.commands["ferry"], self.environment)
        try:
            program.time_until(self.texts)
            program.drain(2)  # whatever it still does after its start
            before = program.cpu()
            written = program.drain(seconds)
            return program.cpu() - before, written, measure.peak_memory(program.pid)
        finally:
            program.end()


def report(title, results, limit):
    print(title)
    for name, (seconds, memory) in results.items():
        print(f"  {name:6} {seconds * 1000:7.1f} ms  memory {memory:5.1f} MiB")
    ferry, mc = (measure.Usage(seconds, 0, memory) for seconds, memory in (results["ferry"], results["mc"]))
    measure.note(f"first full screen, {title}, to mc", ferry, mc)
    return [
        measure.verdict("first full screen, ratio to mc", results["ferry"][0] / results["mc"][0], limit),
        measure.verdict("peak memory at the first screen", results["ferry"][1], MEMORY, " MiB"),
    ]


def main():
    parser = argparse.ArgumentParser(prog="Tests/Benchmarks/run startup", description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--files", type=int, default=100_000)
    options = parser.parse_args()
    base = measure.work_folder(1 << 30)
    results = []
    try:
        home = os.path.join(base, "home")
        os.makedirs(home)
        small, large = os.path.join(base, "small"), os.path.join(base, "large")
        make_folder(small, 20)
        make_folder(large, options.files)
        results += report("a folder of 20 files", Contest(small, small, home).compare(options.runs), SMALL)
        contest = Contest(large, small, home)
        results += report(f"a folder of {options.files} files", contest.compare(max(3, options.runs // 2)), LARGE)
        cpu, written, memory = contest.idle(5)
        print(f"idle for 5 s: {written} bytes written")
        results.append(measure.verdict("CPU", cpu * 1000, IDLE, " ms"))
        results.append(measure.verdict("peak memory", memory, MEMORY, " MiB"))
    finally:
        shutil.rmtree(base)
    sys.exit(0 if all(results) else 1)


main()
