"""What stays as it is when something earlier is brought back."""

# What is decided by steps of its own, or by somebody else, and stays as it is: states and who
# answered for them, who may see a record, addresses, what was frozen.
STAYS: dict[str, frozenset[str]] = {
    "incident": frozenset(
        {
            "state",
            "visibility",
            "allowed_people",
            "allowed_teams",
            "external_key",
            "published_at",
            "published_by",
            "withdrawn_reason",
        }
    ),
    "runbook": frozenset(
        {"slug", "state", "last_verified_date", "last_verified_at", "last_verified_by"}
    ),
    "lesson": frozenset({"state", "superseded_by"}),
    "knob": frozenset({"component", "key"}),
    "factor": frozenset({"slug"}),
    "actionitem": frozenset(
        {
            "state",
            "evidence",
            "wont_do_reason",
            "declined_at",
            "done_at",
            "done_by",
            "verified_at",
            "verified_by",
            "reopened_for",
        }
    ),
    "service": frozenset({"slug", "state"}),
    "review": frozenset(
        {"title", "start_date", "end_date", "service", "team", "frozen_at", "frozen_by"}
    ),
    "reviewdecision": frozenset({"action_item"}),
}
# A reviewer's answer is the reviewer's; who is in a team, and with which role, decides what people
# may see.
NEVER = frozenset({"reviewer", "team", "user"})
# Says something only together with the other rows, or with the other times, of its version.
ONLY_WITH_THE_WHOLE = frozenset({"position", "time_zone"})


def can_bring_back(record: str, column: str) -> bool:
    return record not in NEVER and column not in STAYS.get(record, frozenset())


def can_bring_back_alone(record: str, column: str) -> bool:
    return column not in ONLY_WITH_THE_WHOLE and can_bring_back(record, column)
