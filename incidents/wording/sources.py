"""Where the advice comes from. The words of the rules are ours; the thoughts are these people's."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy

from incidents.lib.words.translated import Translated


class Source(NamedTuple):
    title: Translated
    url: str = ""
    """Empty for a book on paper."""


SRE_BOOK = Source(
    gettext_lazy("Site Reliability Engineering, chapter 15: Postmortem Culture"),
    "https://sre.google/sre-book/postmortem-culture/",
)
SRE_WORKBOOK = Source(
    gettext_lazy("The Site Reliability Workbook, chapter 10: Postmortem Culture"),
    "https://sre.google/workbook/postmortem-culture/",
)
ETSY_GUIDE = Source(
    gettext_lazy("Etsy's Debriefing Facilitation Guide"),
    "https://codeascraft.com/2016/11/17/debriefing-facilitation-guide/",
)
PAGERDUTY_GUIDE = Source(
    gettext_lazy("PagerDuty's postmortem guide: The Blameless Postmortem"),
    "https://postmortems.pagerduty.com/culture/blameless/",
)
COOK = Source(
    gettext_lazy("Richard Cook: How Complex Systems Fail"), "https://how.complexsystems.fail/"
)
DEKKER = Source(gettext_lazy("Sidney Dekker: The Field Guide to Understanding ‘Human Error’"))
