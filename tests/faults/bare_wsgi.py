"""What a web server runs, for a control: a page, and no care of ours."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment


def application(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Length", "0")])
    return []
