"""Lets programs do the same work in turns, and prints what they took beside one another."""

import hashlib
import os
import sys
from dataclasses import dataclass
from statistics import median

from measure import Usage


@dataclass
class Row:
    """One figure of Ferry's, and what it may be at most."""

    name: str
    value: float
    limit: float
    unit: str = ""

    @property
    def is_met(self):
        return self.value <= self.limit


def compare(names, once, rounds, warm_up=True):
    """Runs `once(name)` for every name in each round, in turns; returns the usages of each name, by name.

    A first round only warms up. A program that failed in any round gives None in its place: it did not do the work. One
    that has failed twice is not asked again, as it may take minutes to fail.
    """
    runs = {name: [] for name in names}
    failures = dict.fromkeys(names, 0)
    for number in range(0 if warm_up else 1, rounds + 1):
        for name in names[number % len(names):] + names[:number % len(names)]:
            usage = once(name) if failures[name] < 2 else None
            failures[name] += usage is None
            if number:
                runs[name].append(usage)
    return runs


def summarise(runs):
    """The medians of each program that did the work every time, by name."""
    return {name: Usage.median(usages) for name, usages in runs.items() if None not in usages}


def best(summaries):
    """The name of the quickest program but Ferry."""
    return min((name for name in summaries if name != "ferry"), key=lambda name: summaries[name].wall)


def with_options(name):
    """The name of a program with the option that its number stands for, as Markdown."""
    program, _, parallel = name.partition(" ")
    return f"{program} with `--parallel={parallel}`" if parallel else program


def show(title, runs, rows, per=None):
    """Prints what each program took, and Ferry's rows with their limits. Returns whether all are met.

    `per`: how many files that was, so that CPU is printed for one of them.
    """
    print(title)
    for name, usages in runs.items():
        lost = sum(usage is None for usage in usages)
        if lost:
            print(f"  {name:16} did not do the work in {lost} of {len(usages)} runs")
            continue
        usage = Usage.median(usages)
        each = f" ({usage.cpu / per * 1000:.2f} ms a file)" if per else ""
        print(f"  {name:16} {usage.wall:7.3f} s   CPU {usage.cpu:7.3f} s{each}   memory {usage.memory:6.1f} MiB")
    for row in rows:
        print(f"  {'ok    ' if row.is_met else 'MISSED'}  {row.name}: {row.value:.2f}{row.unit}, at most {row.limit:.2f}{row.unit}")
    sys.stdout.flush()
    return all(row.is_met for row in rows)


def digests(folder):
    """The SHA-256 of every file below a folder, by its path in it; an empty folder has None."""
    found = {}
    for path, folders, files in os.walk(folder):
        for name in files:
            with open(os.path.join(path, name), "rb") as file:
                found[os.path.relpath(os.path.join(path, name), folder)] = hashlib.sha256(file.read()).hexdigest()
        if not folders and not files:
            found[os.path.relpath(path, folder)] = None
    return found


def make_tree(folder, count, folders, size):
    """Writes `count` files of `size` random bytes in `folders` folders, and returns their digests."""
    for number in range(folders):
        os.makedirs(os.path.join(folder, f"folder-{number:02}"))
    for number in range(count):
        path = os.path.join(folder, f"folder-{number % folders:02}", f"file-{number:05}.bin")
        with open(path, "wb") as file:
            file.write(os.urandom(size))
    return digests(folder)


def middle(values):
    return median(values)
