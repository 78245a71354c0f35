"""A Redis of the test run's own that keeps nothing: started, stopped, killed and hung by tests."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redis

HOST = "127.0.0.1"


class RedisDidNotStart(Exception):
    """The binary is there, but no server came of it."""


def find_redis() -> Path | None:
    """The binary named by REDIS_SERVER; without it, the one on the PATH."""
    named = os.environ.get("REDIS_SERVER") or shutil.which("redis-server")
    return Path(named) if named else None


class PrivateRedis:
    """Without persistence: a restart loses everything, as the worst one does."""

    def __init__(self, binary: Path, folder: Path) -> None:
        self.binary = binary
        self.folder = folder
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://{HOST}:{self.port}/0"

    def start(self) -> None:
        command = [str(self.binary), "--bind", HOST, "--port", str(self.port)]
        command += ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with self.client() as client:
                    client.ping()
            except redis.ConnectionError:
                time.sleep(0.02)
            else:
                return
        raise RedisDidNotStart("redis-server does not answer.")

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def hang(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGSTOP)

    def flush(self) -> None:
        with self.client() as client:
            client.flushall()

    def is_listened_to(self) -> bool:
        """Whether somebody waits for a message."""
        with self.client() as client:
            return any(each["cmd"] == "brpop" for each in client.client_list())

    def client(self) -> redis.Redis:
        return redis.Redis(host=HOST, port=self.port)


@contextmanager
def private_redis() -> Iterator[PrivateRedis]:
    """Raises RedisDidNotStart, also where the machine has none."""
    binary = find_redis()
    if binary is None:
        raise RedisDidNotStart("no redis-server on this machine (REDIS_SERVER, PATH).")
    with tempfile.TemporaryDirectory(prefix="postmortems-redis-") as folder:
        server = PrivateRedis(binary, Path(folder))
        try:
            start_on_some_port(server)
            yield server
        finally:
            server.kill()


def start_on_some_port(server: PrivateRedis) -> None:
    """A port that was free may be somebody else's a moment later: then it is another."""
    for _ in range(2):
        with suppress(RedisDidNotStart):
            server.start()
            return
        server.kill()
        server.port = free_port()
    server.start()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
