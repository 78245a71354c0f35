"""What the fields and the kinds of records are called, in the language of the moment.

Django names a field after its column where the model does not say otherwise: such a name is no text
that a translator finds. Here they stand for that; `tests/lib/words/test_fields.py` looks whether
all do.
"""

from django.utils.translation import gettext, gettext_noop

from incidents.lib.words.own import language_now

FIELDS = frozenset(
    {
        gettext_noop("Action item"),
        gettext_noop("Active"),
        gettext_noop("After"),
        gettext_noop("Alerts"),
        gettext_noop("Allowed people"),
        gettext_noop("Allowed teams"),
        gettext_noop("Answer"),
        gettext_noop("Answered at"),
        gettext_noop("Approximate"),
        gettext_noop("Background"),
        gettext_noop("Before"),
        gettext_noop("Began"),
        gettext_noop("Body"),
        gettext_noop("Category"),
        gettext_noop("Component"),
        gettext_noop("Declined at"),
        gettext_noop("Description"),
        gettext_noop("Detected"),
        gettext_noop("Detected by"),
        gettext_noop("Done at"),
        gettext_noop("Done by"),
        gettext_noop("Due date"),
        gettext_noop("Email address"),
        gettext_noop("End date"),
        gettext_noop("Evidence"),
        gettext_noop("Explanation"),
        gettext_noop("Expression"),
        gettext_noop("External key"),
        gettext_noop("Factor"),
        gettext_noop("Failing example"),
        gettext_noop("First name"),
        gettext_noop("Frozen at"),
        gettext_noop("Frozen by"),
        gettext_noop("Hours"),
        gettext_noop("Hours outside work"),
        gettext_noop("How it contributed"),
        gettext_noop("How it served"),
        gettext_noop("Impact"),
        gettext_noop("In the tracker"),
        gettext_noop("Incident"),
        gettext_noop("Key"),
        gettext_noop("Kind"),
        gettext_noop("Knob"),
        gettext_noop("Knobs"),
        gettext_noop("Known at the time"),
        gettext_noop("Language"),
        gettext_noop("Last name"),
        gettext_noop("Last verified at"),
        gettext_noop("Last verified by"),
        gettext_noop("Last verified date"),
        gettext_noop("Learned from"),
        gettext_noop("Lesson"),
        gettext_noop("Links"),
        gettext_noop("Longest stretch hours"),
        gettext_noop("Members"),
        gettext_noop("Message"),
        gettext_noop("Mitigated"),
        gettext_noop("Name"),
        gettext_noop("Note"),
        gettext_noop("Notes"),
        gettext_noop("Origin"),
        gettext_noop("Other"),
        gettext_noop("Out of"),
        gettext_noop("Owner"),
        gettext_noop("Part"),
        gettext_noop("Passing example"),
        gettext_noop("Person"),
        gettext_noop("Position"),
        gettext_noop("Precondition"),
        gettext_noop("Published at"),
        gettext_noop("Published by"),
        gettext_noop("Relation"),
        gettext_noop("Reopened for"),
        gettext_noop("Resolved"),
        gettext_noop("Response"),
        gettext_noop("Role"),
        gettext_noop("Runbook"),
        gettext_noop("Sentence"),
        gettext_noop("Service"),
        gettext_noop("Services"),
        gettext_noop("Severity"),
        gettext_noop("Slug"),
        gettext_noop("Source"),
        gettext_noop("Source title"),
        gettext_noop("Source url"),
        gettext_noop("Start date"),
        gettext_noop("State"),
        gettext_noop("Summary"),
        gettext_noop("Superseded by"),
        gettext_noop("Tags"),
        gettext_noop("Team"),
        gettext_noop("Teams"),
        gettext_noop("Text"),
        gettext_noop("Time note"),
        gettext_noop("Time zone"),
        gettext_noop("Title"),
        gettext_noop("Unit"),
        gettext_noop("Username"),
        gettext_noop("Value"),
        gettext_noop("Verified at"),
        gettext_noop("Verified by"),
        gettext_noop("Verify every"),
        gettext_noop("Visibility"),
        gettext_noop("What made it harder"),
        gettext_noop("What to do"),
        gettext_noop("What was affected"),
        gettext_noop("What was decided"),
        gettext_noop("What went well"),
        gettext_noop("When"),
        gettext_noop("When to use it"),
        gettext_noop("Where"),
        gettext_noop("Where we were lucky"),
        gettext_noop("Who"),
        gettext_noop("Why not"),
        gettext_noop("Withdrawn reason"),
    }
)
"""Every label of a field that history keeps."""

KINDS = frozenset(
    {
        gettext_noop("incident"),
        gettext_noop("runbook"),
        gettext_noop("lesson"),
        gettext_noop("knob"),
        gettext_noop("factor"),
        gettext_noop("action item"),
        gettext_noop("review"),
        gettext_noop("service"),
        gettext_noop("team"),
        gettext_noop("user"),
        gettext_noop("timeline event"),
        gettext_noop("contributing factor"),
        gettext_noop("config delta"),
        gettext_noop("impact measure"),
        gettext_noop("participant"),
        gettext_noop("lesson link"),
        gettext_noop("runbook use"),
        gettext_noop("related incident"),
        gettext_noop("reviewer"),
        gettext_noop("guard"),
        gettext_noop("review decision"),
    }
)
"""Every name of a table that history keeps."""


def shown_name(name: str) -> str:
    """A label or the name of a kind as it is shown: "Time zone" → "Zeitzone"."""
    return gettext(name) if name else name


def in_a_sentence(label: str) -> str:
    """A label that is shown, amid other words: "time zone", where the language has it so."""
    # A German noun keeps its capital letter.
    return label.lower() if language_now().startswith("en") else label
