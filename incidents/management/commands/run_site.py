"""What `make run` runs: the embedded site, from an empty folder or from where it was left."""

import contextlib
import os
import socket
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections, transaction
from django.utils import timezone

from incidents.directory.demo import ensure_demo_account
from incidents.lib.supervising import Program, keep_running
from incidents.management.commands.work import workers
from incidents.models import Incident, Queue

HOST = "127.0.0.1"
HEADERS_WITHIN = 10_000
"""Milliseconds in which a request has to say what it wants."""


class Command(BaseCommand):
    help = "Prepares the embedded site, with the six stories on its first start, and serves it."
    # The database may still be empty; `migrate` checks for itself.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        port = options["port"]
        require_free(port)
        require_writable(Path(settings.VAR_DIR))
        try:
            self.prepare()
        except KeyboardInterrupt:
            raise CommandError("Stopped. The next `make run` takes it up again.") from None
        self.stdout.write(f"\nThe site is at  http://{HOST}:{port}/")
        with contextlib.suppress(CommandError):
            call_command("show_sign_in", stdout=self.stdout)
        self.stdout.write("Ctrl-C stops it; what you enter is kept.\n")
        self.stdout.flush()
        serve(port, tell=self.stderr.write)

    def prepare(self) -> None:
        """Brings database and files up to date; on a site without any record, loads the demo."""
        self.stdout.write("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        ensure_demo_account(at=timezone.now())
        if not Incident.objects.exists():
            self.stdout.write("Recording the six stories …")
            # All or none: an interrupted first start begins again.
            with transaction.atomic():
                call_command("load_demo", verbosity=0, stdout=self.stdout)


def require_free(port: int) -> None:
    with socket.socket() as probe:
        # As the server itself does: a port that was left a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} of {HOST} cannot be used ({reason(error)})."
                " Choose another: PORT=8123 make run"
            ) from error


def require_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise CommandError(
            f"{folder} cannot be written to ({reason(error)}), and the site keeps its data there."
            " VAR_DIR= names another folder."
        ) from error


def reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


def serve(port: int, *, tell: Callable[[str], None]) -> None:
    """The web server and the workers, until Ctrl-C."""
    connections.close_all()
    # Links that people are given lead to where the site is, also on another port.
    os.environ.setdefault("SITE_URL", f"http://{HOST}:{port}")
    for counted in Path(settings.METRICS_DIR).glob("*.db"):
        counted.unlink(missing_ok=True)
    web = Program("The web server", web_server(port))
    keep_running([web, *workers(list(Queue))], tell=tell)


def web_server(port: int) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--respawn-failed-workers"]
    # One process keeps counters and caches in one place.
    command += ["--workers", "1", "--blocking-threads", "16", "--log-level", "error"]
    command += ["--http1-header-read-timeout", str(HEADERS_WITHIN)]
    # Ctrl-C is obeyed even where a request does not end.
    command += ["--workers-kill-timeout", "5"]
    command += ["--host", HOST, "--port", str(port), "--working-dir", str(settings.BASE_DIR)]
    return [*command, settings.WSGI_APPLICATION.replace(".application", ":application")]
