"""`ferry get` and `ferry put` of one large file beside curl's against the same server, in alternating runs.

Both read and write the same folder in memory, speak what they negotiate by default, and show no progress. CPU is the
client's own, user and system. The medians are compared.
"""

import argparse
import os
import shutil
import subprocess
import sys

import measure
import servers
from measure import FERRY, MIB, Usage

WALL, CPU, MEMORY = 1.00, 1.00, 48


class Clients:
    """The commands of both programs, for one server."""

    def __init__(self, port, server_root, folder, environment):
        self.port, self.server_root, self.folder, self.environment = port, server_root, folder, environment
        self.password = servers.write(folder, "password", [servers.PASSWORD])
        self.netrc = servers.write(
            folder, "netrc", [f"machine 127.0.0.1 login {servers.USER} password {servers.PASSWORD}"]
        )

    def command(self, client, direction):
        target = self.folder if direction == "get" else self.server_root
        result = os.path.join(target, "large.bin" if direction == "get" else "upload.bin")
        if client == "curl":
            common = ["curl", "-sS", "--ssl-reqd", "--cacert", f"{servers.CERTIFICATES}/authority.pem"]
            common += ["--netrc-file", self.netrc]
            url = f"ftp://127.0.0.1:{self.port}"
            if direction == "get":
                return common + ["-o", result, f"{url}/large.bin"], result
            return common + ["-T", os.path.join(self.folder, "upload.bin"), f"{url}/"], result
        common = ["--trust", "new", "--password-file", self.password]
        # vsftpd does not lock its sessions into the folder here, so that addresses hold the whole path.
        address = f"ftpes://{servers.USER}@127.0.0.1:{self.port}{self.server_root}"
        if direction == "get":
            return [FERRY, "get", f"{address}/large.bin", self.folder] + common, result
        return [FERRY, "put", os.path.join(self.folder, "upload.bin"), address] + common, result

    def measure(self, client, direction, size):
        command, result = self.command(client, direction)
        usage = self.run(command, attempts=3 if client == "curl" else 1)
        if os.path.getsize(result) != size:
            sys.exit(f"{' '.join(command)}: {os.path.getsize(result)} bytes arrived, not {size}")
        os.unlink(result)
        return usage


    def run(self, command, attempts):
        """curl 7.88 may reset the data connection at the end of an upload over TLS 1.3, and the server then fails it."""
        try:
            return measure.run(command, self.environment)
        except measure.CommandFailed as failure:
            if attempts == 1:
                sys.exit(str(failure))
            return self.run(command, attempts - 1)


def compare(clients, direction, size, rounds):
    runs = {"ferry": [], "curl": []}
    for number in range(rounds + 1):
        for client in ("ferry", "curl") if number % 2 else ("curl", "ferry"):
            usage = clients.measure(client, direction, size)
            if number:  # the first round only warms up
                runs[client].append(usage)
    return Usage.median(runs["ferry"]), Usage.median(runs["curl"])


def report(server, direction, ferry, curl, size):
    print(f"{server}, {direction} of {size // MIB} MiB")
    for name, usage in (("ferry", ferry), ("curl", curl)):
        rate = size / MIB / usage.wall
        print(f"  {name:6} {usage.wall:6.3f} s  {rate:6.0f} MiB/s  CPU {usage.cpu:6.3f} s  memory {usage.memory:5.1f} MiB")
    preposition = "from" if direction == "get" else "to"
    measure.note(f"{size // MIB} MiB {preposition} {server}, to curl", ferry, curl)
    results = [
        measure.verdict("wall, ratio to curl", ferry.wall / curl.wall, WALL),
        measure.verdict("CPU, ratio to curl", ferry.cpu / curl.cpu, CPU),
        measure.verdict("peak memory", ferry.memory, MEMORY, " MiB"),
    ]
    sys.stdout.flush()
    return all(results)


def main():
    parser = argparse.ArgumentParser(prog="Tests/Benchmarks/run throughput", description=__doc__)
    parser.add_argument("--mebibytes", type=int, default=1024)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--server", choices=("vsftpd", "ProFTPD"), action="append")
    options = parser.parse_args()
    size = options.mebibytes * MIB
    folder = measure.work_folder(4 * size)
    fine = True
    try:
        root, local = os.path.join(folder, "server"), os.path.join(folder, "local")
        os.makedirs(root)
        os.makedirs(local)
        large = os.path.join(root, "large.bin")
        subprocess.run(
            f"head -c {size} /dev/urandom >'{large}' && cp '{large}' '{local}/upload.bin'", shell=True, check=True
        )
        environment = measure.plain_environment(local)
        print(f"in {folder}")
        for server in options.server or ("vsftpd", "ProFTPD"):
            settings = os.path.join(folder, server)
            os.makedirs(settings)
            with servers.serving(server, settings, root) as port:
                clients = Clients(port, root, local, environment)
                for direction in ("get", "put"):
                    fine &= report(server, direction, *compare(clients, direction, size, options.runs), size)
    finally:
        shutil.rmtree(folder)
    sys.exit(0 if fine else 1)


main()
