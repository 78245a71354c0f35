import socket
import urllib.request

import pytest

from tests.conftest import NetworkForbidden


def test_this_machine_may_be_asked() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_an_address_elsewhere_is_refused() -> None:
    with socket.socket() as outside, pytest.raises(NetworkForbidden, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))


def test_a_name_elsewhere_is_refused() -> None:
    with pytest.raises(NetworkForbidden, match=r"example\.com"):
        urllib.request.urlopen("http://example.com/")
