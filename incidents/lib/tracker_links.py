"""Which issue of which tracker an address means, whoever runs the tracker: by its shape."""

import re
from typing import NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

GITHUB, GITLAB, JIRA = "github", "gitlab", "jira"

# Right: /acme/app/issues/12. Wrong: /acme/app/pull/12, which is no issue.
ON_GITHUB = re.compile(r"/(?P<place>[\w.-]+/[\w.-]+)/issues/(?P<number>[0-9]{1,18})/?")
# Right: /group/sub/app/-/issues/12, /group/app/-/work_items/12; before GitLab 12 without the dash.
ON_GITLAB = re.compile(
    r"/(?P<place>[\w.-]+(?:/[\w.-]+)+?)/(?:-/)?(?:issues|work_items)/(?P<number>[0-9]{1,18})/?"
)
ONLY_GITLAB = re.compile(r"/-/(?:issues|work_items)/")
JIRA_KEY = re.compile(r"[A-Z][A-Z0-9_]{0,40}-[0-9]{1,18}", re.IGNORECASE)
ON_JIRA = re.compile(rf"/(?:[\w-]+/)?browse/(?P<key>{JIRA_KEY.pattern})/?", re.IGNORECASE)


class TrackerLink(NamedTuple):
    """`place` and `number` are as the address writes them; `place` is empty in Jira."""

    provider: str
    host: str
    place: str
    number: str

    @property
    def key(self) -> str:
        """Equal for all addresses of one issue: capitals are as good as small letters."""
        return f"{self.provider}:{self.host}/{self.place}#{self.number}".casefold()

    @property
    def name(self) -> str:
        """As people say it there: "acme/app#12", "OPS-12"."""
        return f"{self.place}#{self.number}" if self.place else self.number


def tracker_link(address: str) -> TrackerLink | None:
    """None for an address that is of no issue, or of a tracker that we do not know."""
    try:
        parts = urlsplit(address.strip())
        host = parts.netloc.rpartition("@")[2].casefold()
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    path = unquote(parts.path)
    selected = parse_qs(parts.query).get("selectedIssue", [""])[0]
    if (found := ON_JIRA.fullmatch(path)) or JIRA_KEY.fullmatch(selected):
        return TrackerLink(JIRA, host, "", (found["key"] if found else selected).upper())
    on_gitlab = ONLY_GITLAB.search(path) or "gitlab" in host
    shape, provider = (ON_GITLAB, GITLAB) if on_gitlab else (ON_GITHUB, GITHUB)
    if found := shape.fullmatch(path):
        return TrackerLink(provider, host, found["place"], found["number"].lstrip("0") or "0")
    return None


def jira_issue(self_address: str, key: str) -> TrackerLink | None:
    """The issue that Jira's REST address and key mean: `…/rest/api/2/issue/10001`, `OPS-12`."""
    parts = urlsplit(self_address)
    if "/rest/" not in parts.path or not parts.netloc or not JIRA_KEY.fullmatch(key):
        return None
    return TrackerLink(JIRA, parts.netloc.rpartition("@")[2].casefold(), "", key.upper())
