"""An nginx of the test's own, by `deploy/`'s files, on loopback."""

import datetime
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.deploy.units import DEPLOY
from tests.deploy.visitor import NAME
from tests.processes import ended
from tests.redis import HOST, free_port

COMMON = DEPLOY / "postmortems-site.conf"
MAIN = """
{user}
daemon off;
worker_processes 1;
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 128; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/postmortems.conf;
}}
"""


class NginxDidNotStart(Exception):
    """It does not take the files, or nobody answers."""


@dataclass(frozen=True)
class Ports:
    plain: int
    tls: int


def find_nginx() -> str | None:
    """The program named by NGINX_BIN; without it, on the PATH or where Debian has it."""
    named = os.environ.get("NGINX_BIN")
    return named or shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")


@contextmanager
def private_nginx(program: str, kind: Path, folder: Path, *, behind: list[int]) -> Iterator[Ports]:
    """`kind` is a folder of `deploy/`; `behind` are the ports of the web servers."""
    ports = Ports(free_port(), free_port())
    write_files(kind, folder, ports, behind)
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    command += ["-e", str(folder / "error.log")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    if checked.returncode or "[warn]" in checked.stderr:
        raise NginxDidNotStart(checked.stderr)
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    with ended(process):
        wait_until_it_answers(process, ports.tls)
        yield ports


def write_files(kind: Path, folder: Path, ports: Ports, behind: list[int]) -> None:
    """With other ports, and certificates of our own."""
    text = (kind / "nginx.conf").read_text()
    places = iter(behind)
    text = re.sub(r"server \S+:8000", lambda _: f"server {HOST}:{next(places)}", text)
    text = re.sub(r"^ *listen \[::\].*$", "", text, flags=re.MULTILINE)
    text = text.replace("listen 80;", f"listen {HOST}:{ports.plain};")
    text = text.replace("listen 443", f"listen {HOST}:{ports.tls}")
    text = text.replace("/etc/ssl/postmortems", str(folder))
    text = text.replace("/var/log/nginx", str(folder))
    text = text.replace("/etc/nginx/postmortems-site.conf", str(COMMON))
    (folder / "postmortems.conf").write_text(text)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
    write_certificate(folder)


def write_certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    kept = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "key.pem").write_bytes(kept)


def wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            socket.create_connection((HOST, port), timeout=1).close()
            return
        time.sleep(0.05)
    raise NginxDidNotStart("nginx does not answer.")
