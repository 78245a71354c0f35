"""When a page is painted, and what it weighs: in the machine's Chromium, with nothing kept.

    python -m tests.bench.paint [TIMES]

The site as in production, with the six stories. Prints for each page the time from the first byte
of its answer to its first paint, and its bytes as they came; beside it an empty page of a server of
its own, which is what the browser itself takes.
"""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from unittest.mock import patch

from playwright.sync_api import Browser, sync_playwright

from tests.bench.figures import Figures, Line, figures_of, held, machine
from tests.bench.observatory import PREPARE
from tests.bench.server import HOST, ROOT, WrongAnswer, running_site
from tests.chromium import find_chromium

PAGES = [
    "/",
    "/lookup/?q=sidekiq",
    "/incidents/",
    "/incidents/INC-1/",
    "/incidents/new/",
    "/runbooks/",
    "/lessons/",
    "/actions/",
    "/reviews/2019/",
    "/notifications/",
]
TIMES = 20
MOST = 200.0
"""Milliseconds, nineteen of twenty."""
HEAVIEST = 100_000
ASK = """
    () => new Promise((done) => {
      const told = () => {
        const [page] = performance.getEntriesByType("navigation");
        const paint = performance.getEntriesByName("first-contentful-paint")[0];
        const pieces = performance.getEntriesByType("resource");
        const bytes = pieces
          .filter((one) => !/\\.(svg|png|jpg|ico)$/.test(new URL(one.name).pathname))
          .reduce((sum, one) => sum + one.encodedBodySize, page.encodedBodySize);
        if (paint) done({ ms: paint.startTime - page.responseStart, bytes });
        else requestAnimationFrame(told);
      };
      told();
    })
"""
EMPTY = b"<!doctype html><title>Empty</title><p>Nothing"


class Empty(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(EMPTY)))
        self.end_headers()
        self.wfile.write(EMPTY)

    def log_message(self, *_: Any) -> None:
        """Nothing is said of each request."""


@contextmanager
def empty_page() -> Iterator[str]:
    server = ThreadingHTTPServer((HOST, 0), Empty)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://{HOST}:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def prepared() -> Iterator[dict[str, str]]:
    """The cookie of somebody who is signed in to a site of its own."""
    with tempfile.TemporaryDirectory(prefix="postmortems-paint-") as folder:
        environment = {
            "VAR_DIR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/site.sqlite3",
            "DJANGO_SETTINGS_MODULE": "postmortems.settings",
        }
        made = subprocess.run(
            [sys.executable, "-c", PREPARE],
            env={**os.environ, **environment},
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
        name, _, value = made.rpartition("cookie: ")[2].strip().partition("=")
        with patch.dict(os.environ, environment):
            yield {"name": name, "value": value}


def asked(
    browser: Browser, address: str, cookie: dict[str, str], times: int
) -> tuple[Figures, int]:
    """Each time by a browser that has nothing yet; the figures, and the bytes of the last."""
    seconds, size = [], 0
    for _ in range(times):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{**cookie, "url": address}])  # type: ignore[typeddict-item]
        page = context.new_page()
        answer = page.goto(address)
        if answer is None or not answer.ok:
            raise WrongAnswer(f"{address} is not the page that was meant.")
        found = page.evaluate(ASK)
        seconds.append(found["ms"] / 1000)
        size = found["bytes"]
        context.close()
    return figures_of(seconds), size


def main(times: int) -> int:
    arguments = ["--disable-dev-shm-usage", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    lines: list[Line] = []
    with (
        prepared() as cookie,
        running_site() as port,
        empty_page() as empty,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
        figures, _ = asked(browser, empty, cookie, times)
        lines.append(Line("an empty page, p50 / p95", f"{figures.p50:.0f} / {figures.p95:.0f} ms"))
        for path in PAGES:
            figures, size = asked(browser, f"http://{HOST}:{port}{path}", cookie, times)
            lines.append(held(f"{path}, p95 (p50 {figures.p50:.0f} ms)", figures.p95, MOST, "ms"))
            lines.append(held(f"{path}, kB", size / 1000, HEAVIEST / 1000, "kB"))
        browser.close()
    print(f"First paint after the first byte, and weight; {times} times each. {machine()}")
    print(f"Load of the machine at the end: {os.getloadavg()[0]:.1f}")
    print(*lines, sep="\n")
    return 0 if all(line.is_met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else TIMES))
