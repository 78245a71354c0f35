"""The site's headers by the rules of Mozilla's HTTP Observatory, over TLS on this machine.

    npm install --ignore-scripts --prefix FOLDER @mdn/mdn-http-observatory
    python -m tests.bench.observatory FOLDER

Prints the score of each kind of page. No page of it is fetched from elsewhere.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.server import HOST, ROOT, free_port, wait_until_it_answers

PACKAGE = "node_modules/@mdn/mdn-http-observatory"
OPEN = ["/accounts/login/", "/accounts/password/reset/"]
SIGNED_IN = [
    "/",
    "/lookup/?q=sidekiq",
    "/incidents/",
    "/incidents/INC-1/",
    "/incidents/new/",
    "/runbooks/",
    "/reviews/2026Q1/",
    "/guard/",
    "/feeds/",
    "/api/v1/docs/",
]
GOAL = 140
# Makes the site, and prints the cookie of somebody who is signed in.
PREPARE = """
import django; django.setup()
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from incidents.models import User
for name in ("migrate", "load_demo", "collectstatic"):
    call_command(name, verbosity=0, **({} if name == "load_demo" else {"interactive": False}))
client = Client()
client.force_login(User.objects.create_superuser("observer", "observer@pm.example"))
name = settings.SESSION_COOKIE_NAME
print("cookie:", f"{name}={client.cookies[name].value}")
"""


def certificate(folder: Path) -> tuple[Path, Path]:
    told, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    command += ["-keyout", str(key), "-out", str(told), "-subj", "/CN=localhost"]
    command += ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=CA:TRUE"]
    subprocess.run(command, check=True, capture_output=True)
    return told, key


def scores(npm: Path) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory(prefix="postmortems-observatory-") as name:
        folder, port = Path(name), free_port()
        told, key = certificate(folder)
        environment = {
            **os.environ,
            "VAR_DIR": name,
            "SITE_URL": f"https://localhost:{port}",
            "DATABASE_URL": f"sqlite:///{name}/site.sqlite3",
            "DJANGO_SETTINGS_MODULE": "postmortems.settings",
            "NODE_EXTRA_CA_CERTS": str(told),
        }
        environment.pop("DEBUG", None)
        made = subprocess.run(
            [sys.executable, "-c", PREPARE], env=environment, cwd=ROOT, check=True,
            stdout=subprocess.PIPE, text=True,
        ).stdout  # fmt: skip
        cookie = made.rpartition("cookie: ")[2].strip()
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--log-level", "error"]
        command += ["--host", HOST, "--port", str(port), "--ssl-certificate", str(told)]
        command += ["--ssl-keyfile", str(key), "postmortems.wsgi:application"]
        site = subprocess.Popen(command, env=environment, cwd=ROOT)
        try:
            wait_until_it_answers(site, port)
            scan = [
                "node",
                str(ROOT / "tests/bench/observatory.mjs"),
                str(npm / PACKAGE),
                str(port),
            ]
            rows = []
            for shown, paths in (("", OPEN), (cookie, SIGNED_IN)):
                answered = subprocess.run(
                    [*scan, shown, *paths], env=environment, check=True, stdout=subprocess.PIPE
                )
                rows += [json.loads(line) for line in answered.stdout.splitlines()]
            return rows
        finally:
            site.terminate()
            site.wait(timeout=20)


def main(npm: str) -> int:
    # The hosts that browsers know beforehand: ours is none of them, and the list is not fetched.
    known = Path(npm) / PACKAGE / "conf/hsts-preload.json"
    if not known.exists():
        known.write_text("{}")
    rows = scores(Path(npm).resolve())
    for row in rows:
        print(f"{row['score']:4}  {row['status']}  {row['path']}")
    worst = min(rows, key=lambda row: row["score"])
    print(f"\nThe worst of {len(rows)}: {worst['score']}, where {GOAL} is wanted.")
    for test, result in worst["told"].items():
        print(f"  {test}: {result}")
    return 0 if worst["score"] >= GOAL else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
