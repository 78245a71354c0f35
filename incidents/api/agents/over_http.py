"""One request of the protocol, answered in the thread of the web server that took it.

The toolkit is made for servers that are asynchronous from end to end. Here one request is one
exchange without a session: its event loop begins with the request and ends with its answer, and
what asks the database runs in the request's own thread, by the request's own connection.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import anyio
from asgiref.sync import async_to_sync
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager


class Answered(NamedTuple):
    status: int
    headers: list[tuple[str, str]]
    body: bytes


def exchange(
    server: Server[Any], *, path: str, headers: Iterable[tuple[str, str]], body: bytes
) -> Answered:
    """The answer to a POST. A server for each: it knows for whom it answers."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [
            (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers
        ],
    }
    sent: list[dict[str, Any]] = []
    async_to_sync(serve)(server, scope, body, sent)
    start = next(message for message in sent if message["type"] == "http.response.start")
    told = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
    whole = b"".join(one.get("body", b"") for one in sent if one["type"] == "http.response.body")
    return Answered(start["status"], told, whole)


async def serve(
    server: Server[Any], scope: dict[str, Any], body: bytes, sent: list[dict[str, Any]]
) -> None:
    received = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Any:
        if (message := next(received, None)) is not None:
            return message
        # Whoever waits for the end of the connection is stopped when the answer is there.
        return await anyio.sleep_forever()

    async def send(message: Any) -> None:
        sent.append(message)

    manager = StreamableHTTPSessionManager(
        server, stateless=True, json_response=True, max_request_body_size=max(len(body), 1)
    )
    async with manager.run():
        await manager.handle_request(scope, receive, send)
