"""A control: the site, with somebody before it who acknowledges each message at once, and hands it
on when there is time."""

import io
from collections.abc import Callable, Iterable
from queue import SimpleQueue
from threading import Thread
from typing import Any

from postmortems.wsgi import application as site

Environment = dict[str, Any]
promised: SimpleQueue[Environment] = SimpleQueue()


def keep_promises() -> None:
    while True:
        b"".join(site(promised.get(), lambda *_: None))


def application(environ: Environment, start_response: Callable[..., Any]) -> Iterable[bytes]:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    promised.put({**environ, "wsgi.input": io.BytesIO(body)})
    start_response("200 OK", [("Content-Length", "0")])
    return []


Thread(target=keep_promises, daemon=True).start()
