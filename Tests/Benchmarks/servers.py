"""vsftpd and ProFTPD for one measurement, on loopback, each with one folder, started as whoever runs it."""

import contextlib
import grp
import os
import pwd
import socket
import subprocess
import sys
import time

from measure import ROOT

UNPACKED = os.path.join(ROOT, ".build/servers")
CERTIFICATES = os.path.join(UNPACKED, "certificates")
USER, PASSWORD = "ftp", "sesame-21"


def free_ports():
    """The first of 40 ports below the ephemeral range that nobody listens on."""
    for first in range(19000 + os.getpid() % 10 * 40, 20000, 40):
        try:
            for port in range(first, first + 40):
                with socket.socket() as probe:
                    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    probe.bind(("127.0.0.1", port))
            return first
        except OSError:
            continue
    sys.exit("no 40 free ports between 19000 and 20000")


def write(folder, name, lines):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write("\n".join(lines) + "\n")
    return path


def vsftpd(folder, root, port, address, extra=()):
    passwords = write(folder, "passwords", [PASSWORD])
    pem = os.path.join(CERTIFICATES, "server-rsa.both.pem")
    os.makedirs(os.path.join(folder, "empty"), exist_ok=True)
    configuration = write(folder, "vsftpd.conf", [
        "listen=YES", "background=NO", f"listen_address={address}", f"listen_port={port}", "run_as_launching_user=YES",
        f"pasv_min_port={port + 1}", f"pasv_max_port={port + 39}", f"pasv_address={address}",
        "anonymous_enable=YES", f"ftp_username={pwd.getpwuid(os.geteuid()).pw_name}", f"anon_root={root}",
        "secure_email_list_enable=YES", f"email_password_file={passwords}", "write_enable=YES",
        "anon_upload_enable=YES", "anon_mkdir_write_enable=YES", "anon_other_write_enable=YES",
        "anon_world_readable_only=NO", "anon_umask=022", "mdtm_write=YES",
        f"secure_chroot_dir={folder}/empty", "seccomp_sandbox=NO", "session_support=NO", "setproctitle_enable=NO",
        "ssl_enable=YES", f"rsa_cert_file={pem}", f"rsa_private_key_file={pem}", "ssl_ciphers=HIGH",
        "allow_anon_ssl=YES", "force_anon_data_ssl=YES", "force_anon_logins_ssl=YES", *extra,
    ])
    return [os.path.join(UNPACKED, "vsftpd/usr/sbin/vsftpd"), configuration]


def proftpd(folder, root, port, address, extra=()):
    hashed = subprocess.run(["openssl", "passwd", "-6", PASSWORD], capture_output=True, check=True, text=True)
    user, group = os.geteuid(), os.getegid()
    users = write(folder, "users", [f"{USER}:{hashed.stdout.strip()}:{user}:{group}::{root}:/bin/sh"])
    groups = write(folder, "groups", [f"{USER}:x:{group}:"])
    modules = os.path.join(UNPACKED, "proftpd-core/usr/lib/proftpd")
    configuration = write(folder, "proftpd.conf", [
        f"ModulePath {modules}", "LoadModule mod_tls.c", "ServerType standalone", f"DefaultAddress {address}",
        f"Port {port}", "SocketBindTight on", "UseIPv6 off", f"PassivePorts {port + 1} {port + 39}",
        f"User {pwd.getpwuid(user).pw_name}", f"Group {grp.getgrgid(group).gr_name}", "RootLogin on", "AuthPAM off", "AuthOrder mod_auth_file.c",
        f"AuthUserFile {users}", f"AuthGroupFile {groups}", "RequireValidShell off", "DefaultChdir ~",
        "AllowOverwrite on", "ListOptions \"\" maxfiles 2000000", "WtmpLog off", "UseReverseDNS off", f"PidFile {folder}/pid",
        f"ScoreboardFile {folder}/scoreboard", f"SystemLog {folder}/log", "TransferLog none",
        "<IfModule mod_delay.c>", "DelayEngine off", "</IfModule>",
        "<IfModule mod_ctrls.c>", "ControlsEngine off", "</IfModule>",
        "TLSEngine on", "TLSRequired on", "TLSProtocol TLSv1.2 TLSv1.3", "TLSRenegotiate none",
        f"TLSRSACertificateFile {CERTIFICATES}/server-rsa.pem", f"TLSRSACertificateKeyFile {CERTIFICATES}/server-rsa.key", *extra,
    ])
    return [os.path.join(UNPACKED, "proftpd-core/usr/sbin/proftpd"), "--nodaemon", "-c", configuration]


@contextlib.contextmanager
def serving(name, folder, root, link=None, extra=()):
    """Runs a server for the body of a `with`; gives its port. What it prints goes to `folder`.

    With a link it runs on its far host, else on loopback. `extra`: further lines of its configuration.
    """
    port = free_ports()
    address = link.far if link else "127.0.0.1"
    command = {"vsftpd": vsftpd, "ProFTPD": proftpd}[name](folder, root, port, address, extra)
    if link:
        command = link.command(command)
    with open(os.path.join(folder, f"{name}.out"), "w+b") as output:
        process = subprocess.Popen(command, stdin=output, stdout=output, stderr=output, start_new_session=True)
        try:
            deadline = time.monotonic() + 15
            while True:
                with contextlib.suppress(OSError), socket.create_connection((address, port), 5) as control:
                    if control.recv(3) == b"220":
                        break
                if process.poll() is not None or time.monotonic() > deadline:
                    output.seek(0)
                    sys.exit(f"{name} does not answer\n{output.read().decode(errors='replace')}")
                time.sleep(0.01)
            yield port
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 15)
            process.wait()
