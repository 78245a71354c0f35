"""Phrases that blame, or tell the past from its end: one entry of `PHRASES` is one rule.

English only. The patterns run on RE2, in time that grows with the text and not faster.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy

from incidents.lib.patterns import compiled
from incidents.wording.draft import Draft, Text, factor_place
from incidents.wording.rules import Found, Rule
from incidents.wording.sources import (
    COOK,
    DEKKER,
    ETSY_GUIDE,
    PAGERDUTY_GUIDE,
    SRE_BOOK,
    SRE_WORKBOOK,
)
from incidents.wording.vocabulary import PEOPLE, SHORTCOMINGS, THINKING

AROUND = 40
"""Characters shown on each side of a phrase."""
LONGEST_PHRASE = 120

RULES_OF_THE_HOUSE = (
    r"(?:procedures?|process(?:es)?|polic(?:y|ies)|runbooks?|checklists?|instructions?|protocols?"
    r"|guidelines?|rules?)"
)


def phrase(*patterns: str) -> Callable[[Draft], Iterator[Found]]:
    """Finds what one of the patterns matches; a group `fine` in a match says that it is none."""
    matcher = compiled("|".join(f"(?:{one})" for one in patterns), ignores_case=True)
    has_fine = "fine" in matcher.groupindex

    def finds(draft: Draft) -> Iterator[Found]:
        for text in draft.texts:
            written = text.own_words
            for match in matcher.finditer(written):
                if not (has_fine and match["fine"]):
                    yield quoted(text, written, match)

    return finds


def quoted(text: Text, written: str, match: Any) -> Found:
    start, end = match.span()
    end = min(end, start + LONGEST_PHRASE)
    before, after = written[max(0, start - AROUND) : start], written[end : end + AROUND]
    if start > AROUND:
        before = "… " + before.partition(" ")[2]
    if len(written) > end + AROUND:
        after = after.rpartition(" ")[0] + " …"
    return Found(text.place, before=before, phrase=written[start:end], after=after)


FAILED_TO = compiled(
    r"(?:([\pL\pN-]+)\s+(?:had |has |have |also |then |again )?)?"
    r"fail(?:ed|s|ing|ure)\s+to\s+(?:also |properly |even |fully |correctly )?([\pL-]+)",
    ignores_case=True,
)


def failed_to(draft: Draft) -> Iterator[Found]:
    """Somebody failed to do something; not a pod that failed to start."""
    for text in draft.texts:
        written = text.own_words
        for match in FAILED_TO.finditer(written):
            who, what = (str(word or "") for word in match.groups())
            somebody = who.casefold() in PEOPLE or who in draft.names
            if somebody or what.casefold() in THINKING:
                yield quoted(text, written, match)


def person_as_factor(draft: Draft) -> Iterator[Found]:
    """Right: “pool smaller than its clients”. Wrong: “Ann”, “the operator's inattention”."""
    for factor in draft.factors:
        name = factor.factor.name
        names = name.replace("’", "'").replace("'s", "").split()
        words = [word.casefold() for word in names]
        subject = [word for word in words if word not in {"a", "an", "our", "the"}]
        is_somebody = len(subject) == 1 and subject[0] in PEOPLE
        if is_somebody or SHORTCOMINGS.intersection(words) or draft.names.intersection(names):
            yield Found(factor_place(factor), phrase=name)


PHRASES = (
    Rule(
        key="should-have",
        says=gettext_lazy("What should have been"),
        question=gettext_lazy(
            "What did happen, and what made it the sensible thing to do with what was known then?"
        ),
        source=DEKKER,
        finds=phrase(
            r"\b(?:should|shouldn't|ought to|oughtn't to)"
            r"(?: not| never| also| really| at least)*(?:'ve| have)(?: not| never| also| at least)*"
            r"(?: (?:\w\w+ed|\w+own|\w+ught|been|broken|chosen|come|done|driven|fallen|forgotten"
            r"|frozen|given|gone|got|gotten|had|held|hidden|kept|led|left|lost|made|meant|met|put|ran"
            r"|read|run|said|seen|sent|set|shut|spoken|stood|stopped|taken|told|understood|woken"
            r"|written)\b|[.,;!?]|$)"
        ),
    ),
    Rule(
        key="could-have",
        says=gettext_lazy("What would have prevented it"),
        question=gettext_lazy(
            "That did not happen. Which difference would make the next one turn out so, and "
            "is it an action item?"
        ),
        source=ETSY_GUIDE,
        finds=phrase(
            r"\b(?:could|would|might)(?: \w+)? have (?:been )?(?:easily )?"
            r"(?:avoided|averted|caught|detected|foreseen|known|noticed|prevented|seen|spotted"
            r"|stopped)\b",
            r"\bif only\b",
        ),
    ),
    Rule(
        key="hindsight",
        says=gettext_lazy("Told from the end"),
        question=gettext_lazy(
            "How did it look before anybody knew how it would end? Which signs were there, "
            "and among how many others?"
        ),
        source=COOK,
        finds=phrase(
            r"\b(?:in|with) (?:hindsight|retrospect)\b",
            r"(?P<fine>\b(?:not|never|less|hardly|far from|anything but) (?:at all |so |very )?"
            r"|n't )?\bobvious(?:ly)?\b",
            r"\b(?:of course|needless to say|every(?:body|one) knows)\b",
        ),
    ),
    Rule(
        key="failed-to",
        says=gettext_lazy("What somebody failed to do"),
        question=gettext_lazy(
            "What did they do instead, and what told them that it was the thing to do?"
        ),
        source=DEKKER,
        finds=failed_to,
    ),
    Rule(
        key="forgot",
        says=gettext_lazy("What somebody forgot"),
        question=gettext_lazy(
            "What is there to remind of it, and what asks for attention at the same moment?"
        ),
        source=DEKKER,
        finds=phrase(
            r"\bforgot\b",
            r"\b(?:forgotten|neglected|omitted) to\b",
            r"\bdid(?: not|n't) (?:bother|care|remember|think) to\b",
        ),
    ),
    Rule(
        key="human-error",
        says=gettext_lazy("Human error"),
        question=gettext_lazy(
            "What made this easy to do, and hard to notice or to take back? Who else could "
            "have been next?"
        ),
        source=PAGERDUTY_GUIDE,
        finds=phrase(
            r"\b(?:human|manual|operator|pilot) (?:errors?|mistakes?)\b",
            r"\bhuman (?:failures?|fault)\b",
            r"\bfat[- ]?finger(?:ed|ing|s)?\b",
        ),
    ),
    Rule(
        key="careless",
        says=gettext_lazy("Judging a person"),
        question=gettext_lazy(
            "What were they busy with, and how did it look from there? Everybody who was "
            "there meant it well."
        ),
        source=SRE_BOOK,
        finds=phrase(
            r"\b(?:careless(?:ly|ness)?|complacen(?:cy|t)|foolish(?:ly)?|idiot(?:ic|s)?"
            r"|inattenti(?:on|ve)|incompeten(?:ce|t)|irresponsibl[ey]|laziness|negligen(?:ce|t|tly)"
            r"|reckless(?:ly|ness)?|slopp(?:y|ily|iness)|stupid(?:ity|ly)?|unprofessional)\b",
            r"\black of (?:attention|care|diligence|discipline)\b",
            r"\b(?:not|n't) pay(?:ing)? (?:any |enough )?attention\b",
        ),
    ),
    Rule(
        key="fault",
        says=gettext_lazy("Whose fault it was"),
        question=gettext_lazy(
            "What let one decision have so large an effect, and what stood between it and "
            "the customers?"
        ),
        source=SRE_BOOK,
        finds=phrase(
            r"\b(?:is|was|were|are|be|been) (?:at fault|guilty|to blame)\b",
            r"\b(?:his|her|my|our|their|whose|(?:some(?:one|body)|person|engineer|team)'s)"
            r" (?:own )?fault\b",
            r"\bblamed? (?:on )?(?:her|him|me|them|us|the (?:developer|engineer|operator|team))\b",
            r"\bresponsible for (?:causing )?(?:the |this |our )?"
            r"(?:downtime|failure|incident|outage)\b",
        ),
    ),
    Rule(
        key="against-the-rules",
        says=gettext_lazy("Who did not follow what is written"),
        question=gettext_lazy(
            "How is it done on other days, and where does what is written not fit the work?"
        ),
        source=DEKKER,
        finds=phrase(
            r"\b(?:not|n't|without|never) follow(?:ed|ing)? (?:the |our |an? |any )?(?:\w+ )?"
            + RULES_OF_THE_HOUSE
            + r"\b",
            r"\b(?:breached|broke|bypassed|disregarded|ignored|violated)"
            r" (?:the |our |an? |all |several )?(?:\w+ )?(?:alarms?|alerts?|warnings?|"
            + RULES_OF_THE_HOUSE
            + r")\b",
        ),
    ),
    Rule(
        key="be-careful",
        says=gettext_lazy("More care as a remedy"),
        question=gettext_lazy(
            "What in the tools or the work could change, so that it goes well also on a bad day?"
        ),
        source=SRE_WORKBOOK,
        finds=phrase(
            r"\bbe(?:ing)? (?:more |extra )(?:attentive|careful|cautious|diligent|vigilant)\b",
            r"\bpay(?:ing)? (?:better|closer|more) attention\b",
            r"\btak(?:e|ing) more care\b",
            r"\btry(?:ing)? harder\b",
            r"\b(?:remind|reprimand|re-?train)(?:ed|ing)? (?:all |every |the |our )*"
            r"(?:admins?|developers?|devs|employees|engineers?|every(?:body|one)|operators?|people"
            r"|responders?|staff|teams?)\b",
        ),
    ),
    Rule(
        key="root-cause",
        says=gettext_lazy("One root cause"),
        question=gettext_lazy(
            "What else had to be true for it to happen? Record each as a contributing factor."
        ),
        source=COOK,
        finds=phrase(r"\broot[- ]causes?\b"),
    ),
    Rule(
        key="loud-words",
        says=gettext_lazy("Words that are louder than the facts"),
        question=gettext_lazy(
            "What was seen or measured? It says more to somebody who was not there."
        ),
        source=SRE_WORKBOOK,
        finds=phrase(
            r"\b(?:appalling(?:ly)?|crazy|horribl[ey]|inexcusabl[ey]|insane(?:ly)?"
            r"|ridiculous(?:ly)?|shocking(?:ly)?|terribl[ey]|unacceptabl[ey]|unbelievabl[ey])\b"
        ),
    ),
    Rule(
        key="person-as-factor",
        says=gettext_lazy("A person as a factor"),
        question=gettext_lazy(
            "Whoever had stood there: which condition would they have met? That is the factor."
        ),
        source=PAGERDUTY_GUIDE,
        finds=person_as_factor,
    ),
)
