"""Which issue of which tracker an address means."""

import pytest

from incidents.lib.tracker_links import jira_issue, tracker_link


def key(address: str) -> str | None:
    link = tracker_link(address)
    return link.key if link else None


@pytest.mark.parametrize(
    ("address", "expected", "name"),
    [
        ("https://github.com/acme/app/issues/12", "github:github.com/acme/app#12", "acme/app#12"),
        (
            "https://gitlab.com/group/sub/app/-/issues/7",
            "gitlab:gitlab.com/group/sub/app#7",
            "group/sub/app#7",
        ),
        ("https://acme.atlassian.net/browse/OPS-3", "jira:acme.atlassian.net/#ops-3", "OPS-3"),
    ],
)
def test_it_works(address: str, expected: str, name: str) -> None:
    link = tracker_link(address)
    assert link is not None
    assert (link.key, link.name) == (expected, name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://github.com/acme/app/issues/12", "http://GitHub.com/Acme/App/issues/12/"),
        ("https://github.com/acme/app/issues/12", "https://github.com/acme/app/issues/12?x#c-3"),
        ("https://github.com/acme/app/issues/12", "https://me@github.com/acme/app/issues/012"),
        ("https://gitlab.com/g/app/-/issues/7", "https://gitlab.com/g/app/-/work_items/7"),
        ("https://gitlab.com/g/app/-/issues/7", "https://gitlab.com/g/app/issues/7"),
        ("https://a.atlassian.net/browse/OPS-3", "https://a.atlassian.net/browse/ops-3"),
        ("https://j.example/browse/OPS-3", "https://j.example/jira/browse/OPS-3"),
        (
            "https://a.atlassian.net/browse/OPS-3",
            "https://a.atlassian.net/jira/software/projects/OPS/boards/1?selectedIssue=OPS-3",
        ),
    ],
)
def test_one_issue_has_one_key(one: str, other: str) -> None:
    assert key(one) == key(other) is not None


def test_different_issues_have_different_keys() -> None:
    addresses = [
        "https://github.com/acme/app/issues/12",
        "https://github.com/acme/app/issues/120",
        "https://github.com/acme/other/issues/12",
        "https://git.acme.example/acme/app/issues/12",
        "https://gitlab.com/acme/app/-/issues/12",
        "https://a.atlassian.net/browse/OPS-12",
        "https://b.atlassian.net/browse/OPS-12",
    ]
    assert len({key(address) for address in addresses}) == len(addresses)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://github.com/acme/app/pull/12",
        "https://github.com/acme/app/issues",
        "https://github.com/acme/app/issues/12/events",
        "https://tracker.example/4711",
        "javascript:alert(1)//github.com/acme/app/issues/12",
        "ftp://github.com/acme/app/issues/12",
        "https:///acme/app/issues/12",
        "https://[::1/acme/app/issues/12",
        "https://github.com/acme/app/issues/" + "9" * 40,
    ],
)
def test_what_is_no_issue_is_none(address: str) -> None:
    assert key(address) is None


def test_jira_tells_its_issues_in_another_way() -> None:
    found = jira_issue("https://a.atlassian.net/rest/api/2/issue/10001", "OPS-3")
    assert found == tracker_link("https://a.atlassian.net/browse/OPS-3")
    assert jira_issue("https://a.atlassian.net/other/10001", "OPS-3") is None
    assert jira_issue("https://a.atlassian.net/rest/api/2/issue/10001", "three") is None
