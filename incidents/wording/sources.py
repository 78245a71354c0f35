"""Where the advice comes from. The words of the rules are ours; the thoughts are these people's."""

from typing import NamedTuple


class Source(NamedTuple):
    title: str
    url: str = ""
    """Empty for a book on paper."""


SRE_BOOK = Source(
    "Site Reliability Engineering, chapter 15: Postmortem Culture",
    "https://sre.google/sre-book/postmortem-culture/",
)
SRE_WORKBOOK = Source(
    "The Site Reliability Workbook, chapter 10: Postmortem Culture",
    "https://sre.google/workbook/postmortem-culture/",
)
ETSY_GUIDE = Source(
    "Etsy's Debriefing Facilitation Guide",
    "https://codeascraft.com/2016/11/17/debriefing-facilitation-guide/",
)
PAGERDUTY_GUIDE = Source(
    "PagerDuty's postmortem guide: The Blameless Postmortem",
    "https://postmortems.pagerduty.com/culture/blameless/",
)
COOK = Source("Richard Cook: How Complex Systems Fail", "https://how.complexsystems.fail/")
DEKKER = Source("Sidney Dekker: The Field Guide to Understanding ‘Human Error’")
