"""A program in a pseudo-terminal of its own, and when its screen is full."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

ROWS, COLUMNS = 30, 100
ESCAPES = re.compile(
    rb"\x1b\[[0-9;:<=>?]*[ -/]*[@-~]|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()*+][A-Za-z0-9]|\x1b[ -/]*[0-~]|[\x0e\x0f]"
)
# What a terminal such as xterm answers at once, so that a program that asks is not made to wait.
ANSWERS = ((b"\x1b[c", b"\x1b[?64;1;2;6;22c"), (b"\x1b[0c", b"\x1b[?64;1;2;6;22c"), (b"\x1b[6n", b"\x1b[1;1R"))


class Program:
    """Started at once; `end()` kills it."""

    def __init__(self, command, environment):
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.terminal, self.written, self.answered = master, bytearray(), 0
        self.started = time.monotonic()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
                for descriptor in range(3):
                    os.dup2(slave, descriptor)
                os.closerange(3, 256)
                os.execvpe(command[0], command, environment)
            finally:
                os._exit(127)
        os.close(slave)

    def time_until(self, texts, timeout=30):
        """Seconds from just before the fork until every text has been drawn."""
        deadline = self.started + timeout
        while True:
            left = deadline - time.monotonic()
            ready = left > 0 and select.select([self.terminal], [], [], left)[0]
            try:
                data = os.read(self.terminal, 1 << 16) if ready else b""
            except OSError:  # the program has ended
                data = b""
            now = time.monotonic()
            if not data:
                raise RuntimeError(f"not drawn: {texts}\n{self.text()}")
            self.written += data
            self.answer()
            drawn = self.text()
            if all(text in drawn for text in texts):
                return now - self.started

    def text(self):
        """Everything drawn up to now, without escape sequences."""
        return ESCAPES.sub(b"", bytes(self.written)).decode(errors="replace")

    def answer(self):
        for question, reply in ANSWERS:
            if question in self.written[self.answered:]:
                os.write(self.terminal, reply)
        self.answered = len(self.written)

    def drain(self, seconds):
        """Reads whatever comes for a time, and returns how many bytes came."""
        end, count = time.monotonic() + seconds, 0
        while (left := end - time.monotonic()) > 0:
            if select.select([self.terminal], [], [], left)[0]:
                data = os.read(self.terminal, 1 << 16)
                self.written += data
                self.answer()
                count += len(data)
        return count

    def cpu(self):
        """Seconds that its threads have run, those that have ended counted in, to the clock tick (10 ms)."""
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as file:
            # The name may hold blanks; behind its bracket, fields 14 and 15 are at 11 and 12.
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def end(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.terminal)
