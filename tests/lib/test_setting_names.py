"""Two spellings of one setting are one name."""

import pytest

from incidents.lib.setting_names import as_dotted_name, as_name


def test_it_works() -> None:
    assert as_name("async worker") == "async_worker"
    assert as_dotted_name("http.keepalive-timeout") == "http.keepalive_timeout"


@pytest.mark.parametrize("text", ["pool.size", "pool-size", "pool size", "pool_size", "pool⁠size"])
def test_whatever_is_no_letter_or_digit_is_one_sign(text: str) -> None:
    assert as_name(text) == "pool_size"


def test_letters_keep_their_case() -> None:
    assert as_name("maxClients2") == "maxClients2"
