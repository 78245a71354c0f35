"""Words as they stand within a sentence, and those of the scripts."""

from django import template
from django.utils.html import json_script
from django.utils.safestring import SafeString

from incidents.lib.words import of_scripts
from incidents.lib.words.fields import in_a_sentence
from incidents.lib.words.translated import Translated

register = template.Library()


@register.filter
def within(label: Translated) -> str:
    """`{{ said.label|within }}` → "it helped": in small letters, unless nouns have large ones."""
    return in_a_sentence(str(label))


@register.simple_tag
def script_words() -> SafeString | str:
    """`{% script_words %}` → the texts of the scripts in the language of the page, as data; nothing
    where that is English."""
    words = of_scripts.script_words()
    return json_script(words, "words") if words else ""
