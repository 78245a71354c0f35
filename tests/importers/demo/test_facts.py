"""The records against the stories."""

import re

from django.test import TestCase

from incidents.importers.demo.operations import load_stories
from incidents.models import Incident
from tests.factories import NOW
from tests.importers.demo.facts import FACTS, NUMBERS
from tests.importers.demo.told import Told

NUMBER = re.compile(
    r"\b(?:[0-9][0-9.,]*[0-9]|[0-9]|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|dozens?|hundreds?|thousands?|millions?|millionth|billions?)\b",
    re.IGNORECASE,
)


class FactsTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        load_stories(by=None, at=NOW)

    def test_each_story_has_its_facts(self) -> None:
        for key, facts in FACTS.items():
            told = Told(key)
            for fact, holds in facts:
                with self.subTest(story=key, fact=fact):
                    assert holds(told), fact

    def test_the_table_is_long_enough_to_mean_something(self) -> None:
        assert all(len(facts) >= 12 for facts in FACTS.values())

    def test_the_table_knows_every_story(self) -> None:
        stories = {f"story:{key}" for key in FACTS}
        assert stories == set(Incident.objects.values_list("external_key", flat=True))
        assert FACTS.keys() == NUMBERS.keys()

    def test_no_story_tells_a_severity(self) -> None:
        assert set(Incident.objects.values_list("severity", flat=True)) == {"unknown"}

    def test_no_number_is_made_up(self) -> None:
        for key, allowed in NUMBERS.items():
            said = {number.lower() for text in Told(key).texts() for number in NUMBER.findall(text)}
            with self.subTest(story=key):
                assert said <= set(allowed.split()), said - set(allowed.split())

    def test_a_made_up_number_would_be_seen(self) -> None:
        Incident.objects.filter(external_key="story:cloudfactory-launch-night").update(
            impact="Seventeen or 17 cards were lost."
        )
        said = {
            n for text in Told("cloudfactory-launch-night").texts() for n in NUMBER.findall(text)
        }
        assert "17" in said
