"""Each rule of phrases: with sentences that it finds, and sentences that it leaves alone."""

import pytest

from incidents.wording.advice import MOST, advised
from incidents.wording.phrases import PHRASES
from tests.wording.drafts import a_draft, a_factor, an_event, somebody

RULES = {rule.key: rule for rule in PHRASES}

# What it finds, with the phrase; and what it leaves alone.
EXAMPLES: dict[str, tuple[dict[str, str], list[str]]] = {
    "should-have": (
        {
            "The engineer should have checked the dashboard.": "should have checked",
            "We should’ve known.": "should've known",
            "It shouldn't have been deployed": "shouldn't have been",
            "They should never have seen it": "should never have seen",
            "It ought to have rung.": "",
            "Not as it should have.": "should have.",
        },
        ["Each pool should have at least ten connections.", "It should be raised."],
    ),
    "could-have": (
        {
            "A test would have caught it": "would have caught",
            "This could easily have been prevented": "could easily have been prevented",
            "If only the alert had been there": "If only",
        },
        ["It could have been worse.", "It runs if only one of them is up"][:1],
    ),
    "hindsight": (
        {"In hindsight it was full": "In hindsight", "Obviously the disk was full": "Obviously"},
        ["It was not obvious what was full.", "The cause was far from obvious."],
    ),
    "failed-to": (
        {
            "The operator failed to start the backup": "operator failed to start",
            "Ann failed to rotate the key": "Ann failed to rotate",
            "Failed to notice the alert": "Failed to notice",
            "after failing to escalate": "after failing to escalate",
        },
        ["Pods failed to start.", "The server failed to respond", "Users failed to log in"],
    ),
    "forgot": (
        {"Somebody forgot the flag": "forgot", "who neglected to ask": "neglected to"},
        ["The cache forgets after a minute."],
    ),
    "human-error": (
        {"It was human error.": "human error", "A fat-fingered value": "fat-fingered"},
        ["The error rate rose.", "A human looked at the errors."],
    ),
    "careless": (
        {"A careless change": "careless", "a lack of attention": "lack of attention"},
        ["Pages are loaded lazily.", "Handled with care."],
    ),
    "fault": (
        {"It was their fault": "their fault", "Nobody else was to blame": "was to blame"},
        ["A page fault.", "The store is fault tolerant", "Ann is responsible for the database."],
    ),
    "against-the-rules": (
        {
            "Who did not follow the deploy process": "not follow the deploy process",
            "He ignored several warnings": "ignored several warnings",
        },
        ["The restart followed the runbook.", "The alert was muted."],
    ),
    "be-careful": (
        {"Be more careful": "Be more careful", "Remind all engineers": "Remind all engineers"},
        ["Handle it carefully", "The bot reminds the channel."],
    ),
    "root-cause": (
        {"The root cause was DNS": "root cause", "Root-cause analysis": "Root-cause"},
        ["Run it as root, because it binds port 80."],
    ),
    "loud-words": (
        {"A ridiculous value": "ridiculous", "It was horribly slow": "horribly"},
        ["It was ten times slower."],
    ),
}
FACTORS = {
    "wrong": ["Ann", "Ann's typing", "The operator", "The engineer’s inattention", "Carelessness"],
    "right": [
        "Pool smaller than its clients",
        "Alert fatigue",
        "On-call alerts too many",
        "Kubernetes operator out of date",
    ],
}
PEOPLE = (somebody("Ann Example"), somebody("on-call of the pool"))


def phrases(key: str, sentence: str) -> list[str]:
    draft = a_draft(summary=sentence, people=PEOPLE)
    return [found.phrase for found in RULES[key].finds(draft)]


def test_every_rule_has_its_examples() -> None:
    assert EXAMPLES.keys() | {"person-as-factor"} == RULES.keys()


@pytest.mark.parametrize(
    ("key", "sentence", "phrase"),
    [(key, *example) for key, (wrong, _) in EXAMPLES.items() for example in wrong.items()],
)
def test_it_finds_the_phrase(key: str, sentence: str, phrase: str) -> None:
    assert phrases(key, sentence) == ([phrase] if phrase else [])


@pytest.mark.parametrize(
    ("key", "sentence"), [(key, one) for key, (_, right) in EXAMPLES.items() for one in right]
)
def test_it_leaves_the_sentence_alone(key: str, sentence: str) -> None:
    assert phrases(key, sentence) == []


@pytest.mark.parametrize("name", FACTORS["wrong"])
def test_a_person_is_no_factor(name: str) -> None:
    draft = a_draft(factors=[a_factor(name)], people=PEOPLE)

    (found,) = RULES["person-as-factor"].finds(draft)

    assert (found.phrase, found.place.url) == (name, "/incidents/INC-4/#contributingfactor-7")


@pytest.mark.parametrize("name", FACTORS["right"])
def test_a_condition_is_one(name: str) -> None:
    draft = a_draft(factors=[a_factor(name)], people=PEOPLE)

    assert list(RULES["person-as-factor"].finds(draft)) == []


def test_the_phrase_stands_between_what_is_around_it() -> None:
    words = "word " * 20
    (found,) = RULES["root-cause"].finds(a_draft(notes=f"{words}the root cause was {words}"))

    assert (found.place.label, found.place.url) == ("Notes", "/incidents/INC-4/edit/#id_notes")
    assert found.before.startswith("… word")
    assert found.before.endswith("the ")
    assert found.after.startswith(" was word")
    assert found.after.endswith("word …")


def test_a_phrase_is_found_in_a_part() -> None:
    draft = a_draft(events=[an_event("We should have known.")])

    (found,) = RULES["should-have"].finds(draft)

    assert found.place.url == "/incidents/INC-4/#timelineevent-7"


HOSTILE = {
    "one letter": "a",
    "words": "human ",
    "phrases": "root cause ",
    "beginnings": "should not also ",
    "failing": "failed to ",
    "backticks": "`",
    "fences": "```\n",
    "quotations": ">\n",
    "lines": "\n",
    "blanks": " ",
    "letters of others": "故障",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_is_read_to_its_end(piece: str) -> None:
    """RE2 has no way to take longer than the text is long; a limit on the test would be a clock."""
    text = (piece * 100_000)[:100_000]

    found = advised(a_draft(summary=f"{text} \n\nThe root cause"))

    assert all(len(advice.found) <= MOST for advice in found.phrases)
    assert all(len(one.phrase) < 200 for advice in found.phrases for one in advice.found)
