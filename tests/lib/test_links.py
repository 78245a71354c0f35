"""Links that people write: only what is safe to follow becomes one."""

import pytest

from incidents.lib.links import (
    LONGEST_ADDRESS,
    MOST_LINKS,
    Link,
    UnreadableLinks,
    read_links,
    readable_links,
)


def test_it_works() -> None:
    text = (
        "Error rate  https://grafana.example/d/1?a=b\n\nhttps://logs.example/\nCall tel:+4930123\n"
    )
    assert read_links(text) == [
        Link("Error rate", "https://grafana.example/d/1?a=b"),
        Link("logs.example", "https://logs.example/"),
        Link("Call", "tel:+4930123"),
    ]


def test_nothing_is_no_links() -> None:
    assert read_links(" \n\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "javascript:alert(1)",
        "Logs JavaScript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//grafana.example/",
        "grafana.example",
        "/incidents/",
        "https:",
        "https://",
        "https:///path",
        "https:grafana.example",
        "https://[::1/",
        "https",
        "https://grafana.example/\u200b",
        "https://grafana.example/" + "a" * LONGEST_ADDRESS,
    ],
)
def test_what_is_no_safe_address_is_refused_and_never_shown(line: str) -> None:
    with pytest.raises(UnreadableLinks) as refused:
        read_links(f"https://right.example/\n{line}")
    assert str(refused.value).startswith("Line 2: ")
    assert readable_links(f"https://right.example/\n{line}") == [
        Link("right.example", "https://right.example/")
    ]


def test_too_many_are_refused() -> None:
    with pytest.raises(UnreadableLinks):
        read_links("https://a.example/\n" * (MOST_LINKS + 1))
