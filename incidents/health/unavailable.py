"""The answer to a request that the database failed: when to come again, and what is wrong."""

from json import dumps

from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from incidents.lib.database_trouble import Trouble


class Unavailable(HttpResponse):
    """503, as a page for people and as JSON for programs that prefer it."""

    status_code = 503

    def __init__(self, request: HttpRequest, trouble: Trouble) -> None:
        words = trouble.value
        self.sentence = f"{words.heading}. {words.sentence}"
        if request.get_preferred_type(["text/html", "application/json"]) == "application/json":
            super().__init__(dumps({"error": self.sentence}), content_type="application/json")
        else:
            told = {"heading": words.heading, "sentence": words.sentence}
            super().__init__(render_to_string("503.html", told))
        self["Retry-After"] = str(words.again_after)
        self["Cache-Control"] = "private, no-store"


def leave_connections() -> None:
    """The next request begins with one of its own: this one may be of a server that is gone, or of
    a file that is another by now."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
