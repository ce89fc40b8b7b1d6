"""The command lines of Ferry, lftp and curl for the same tree on the same server."""

import os

import servers
from measure import FERRY


class Clients:
    """For one server, at `address`, which serves the folder `root`; `folder` is for passwords and the like."""

    def __init__(self, address, port, root, folder):
        self.address, self.port, self.root, self.folder = address, port, root, folder
        self.password = servers.write(folder, "password", [servers.PASSWORD])
        self.netrc = servers.write(
            folder, "netrc", [f"machine {address} login {servers.USER} password {servers.PASSWORD}"]
        )

    def ferry(self, direction, remote, local, *options):
        """`get` of the remote folder into the local one, or `put` of the local folder into the remote one."""
        url = f"ftpes://{servers.USER}@{self.address}:{self.port}{self.root}{remote}"
        places = [url, local] if direction == "get" else [local, url]
        return [FERRY, direction, *places, "--trust", "new", "--password-file", self.password, *options]

    def ferry_list(self, remote):
        url = f"ftpes://{servers.USER}@{self.address}:{self.port}{self.root}{remote}"
        return [FERRY, "ls", url, "--trust", "new", "--password-file", self.password]

    def lftp(self, *commands):
        script = [
            "set cmd:fail-exit true", "set ftp:ssl-force true", "set ftp:ssl-protect-data true",
            f"set ssl:ca-file {servers.CERTIFICATES}/authority.pem", "set net:max-retries 3", "set net:timeout 20",
            # What the test certificates say of a namespace's address is not what is measured here.
            "set ssl:check-hostname false", "set mirror:parallel-directories true", "set ftp:use-mdtm-overloaded true",
            f"open -u {servers.USER},{servers.PASSWORD} -p {self.port} ftp://{self.address}", *commands, "exit",
        ]
        return ["lftp", "--norc", "-c", "; ".join(script)]

    def lftp_mirror(self, direction, remote, local, parallel):
        flags = f"--parallel={parallel}" + (" --reverse" if direction == "put" else "")
        places = [self.root + remote, local] if direction == "get" else [local, self.root + remote]
        return self.lftp(f"mirror {flags} {places[0]} {places[1]}")

    def curl(self, direction, pairs, parallel):
        """Transfers single files: pairs of a remote path and a local one. curl walks no trees."""
        lines = [
            "silent", "show-error", "ssl-reqd", f'cacert = "{servers.CERTIFICATES}/authority.pem"',
            f'netrc-file = "{self.netrc}"', "ftp-create-dirs", "create-dirs", "connect-timeout = 20",
        ]
        if self.address != "127.0.0.1":
            lines.append("insecure")
        lines += ["parallel", f"parallel-max = {parallel}"] if parallel > 1 else []
        for remote, local in pairs:
            lines.append(f'url = "ftp://{self.address}:{self.port}{remote}"')
            lines.append(f'{"output" if direction == "get" else "upload-file"} = "{local}"')
        return ["curl", "--disable", "--config", servers.write(self.folder, "curlrc", lines)]

    def curl_tree(self, direction, remote, local, files, parallel):
        # A second slash makes a path absolute for curl, so that it enters the folder in one step.
        pairs = [(f"/{self.root}{remote}/{file}", os.path.join(local, file)) for file in sorted(files)]
        return self.curl(direction, pairs, parallel)
