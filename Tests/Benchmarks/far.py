"""A host a chosen round-trip time away, on this machine: `sudo python3 far.py MILLISECONDS COMMAND [ARGUMENT ...]`.

A network namespace is the far host. A TUN device on each side is one end of the link, and this program carries the
packets from one to the other, each after half of the round-trip time; netem, which not every kernel has, is not needed.
The command runs on the near side; it finds the name of the namespace in FAR_NAMESPACE and the far host's address in
FAR_ADDRESS. When it ends, what still runs on the far side is ended too, and its status is this program's.
"""

import collections
import contextlib
import ctypes
import fcntl
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time

SET_INTERFACE, TUN_WITHOUT_HEADER = 0x400454CA, 0x1001


def obstacle():
    """Why there can be no far host here, as a sentence; None where there can."""
    if os.geteuid() != 0:
        return "a link needs root"
    if not os.path.exists("/dev/net/tun"):
        return "a link needs /dev/net/tun"
    if subprocess.run(["ip", "netns", "list"], capture_output=True, check=False).returncode != 0:
        return "a link needs ip netns (iproute2)"
    return None


class Link:
    """A far host for the body of a `with`."""

    def __init__(self, milliseconds):
        self.delay = milliseconds / 2000
        number = os.getpid() % 16384
        # 198.18/15 is set aside for benchmarks (RFC 2544); four addresses for each run.
        self.near, self.far = (f"198.18.{number // 64}.{number % 64 * 4 + end}" for end in (1, 2))
        self.namespace = f"ferry-far-{os.getpid()}"
        self.ended = threading.Event()

    def __enter__(self):
        names = [f"ferry{end}{os.getpid()}"[:15] for end in "nf"]
        ip("netns", "add", self.namespace)
        try:
            self.ends = [tunnel(name) for name in names]
            ip("link", "set", names[1], "netns", self.namespace)
            for words, name, own, other in (((), names[0], self.near, self.far),
                                            (("-n", self.namespace), names[1], self.far, self.near)):
                ip(*words, "addr", "add", own, "peer", other, "dev", name)
                ip(*words, "link", "set", name, "mtu", "1500", "up")
            ip("-n", self.namespace, "link", "set", "lo", "up")
        except BaseException:
            ip("netns", "del", self.namespace)
            raise
        self.carrier = threading.Thread(target=self.carry, daemon=True)
        self.carrier.start()
        return self

    def carry(self):
        """Hands each packet over when its time has come. All take equally long, so that they stay in order."""
        under_way = collections.deque()
        others = dict(zip(self.ends, reversed(self.ends)))
        poll = select.poll()
        for end in self.ends:
            poll.register(end, select.POLLIN)
        clock = Clock()
        while not self.ended.is_set():
            now = time.monotonic()
            while under_way and under_way[0][0] <= now:
                _, end, packet = under_way.popleft()
                with contextlib.suppress(OSError):
                    os.write(end, packet)
            wait = max(0.0, under_way[0][0] - now) if under_way else 0.02
            # poll() knows whole milliseconds only; the rest is slept.
            ready = poll.poll(int(wait * 1000))
            if not ready and under_way and wait < 0.001:
                clock.rest(wait)
            for end, _ in ready:
                with contextlib.suppress(BlockingIOError):
                    while True:
                        packet = os.read(end, 2048)
                        under_way.append((time.monotonic() + self.delay, others[end], packet))

    def command(self, command):
        """The command as it runs on the far host."""
        return ["ip", "netns", "exec", self.namespace, *command]

    def __exit__(self, *_):
        pids = subprocess.run(["ip", "netns", "pids", self.namespace], capture_output=True, text=True, check=False)
        for pid in pids.stdout.split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGTERM)
        self.ended.set()
        self.carrier.join()
        ip("netns", "del", self.namespace)
        for end in self.ends:
            os.close(end)


class Clock:
    """Short sleeps that are as short as they are said to be."""

    def __init__(self):
        # PR_SET_TIMERSLACK: the kernel would add 50 microseconds to each.
        ctypes.CDLL(None).prctl(29, 1, 0, 0, 0)

    @staticmethod
    def rest(seconds):
        time.sleep(seconds)


def tunnel(name):
    end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    fcntl.ioctl(end, SET_INTERFACE, struct.pack("16sH22x", name.encode(), TUN_WITHOUT_HEADER))
    return end


def ip(*words):
    subprocess.run(["ip", *words], check=True)


if __name__ == "__main__":
    if (reason := obstacle()) is not None:
        sys.exit(f"far.py: {reason}")
    with Link(float(sys.argv[1])) as link:
        os.environ |= {"FAR_NAMESPACE": link.namespace, "FAR_ADDRESS": link.far}
        status = subprocess.run(sys.argv[2:], check=False).returncode
    sys.exit(status)
