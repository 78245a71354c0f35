"""A setting, with every value that it had in an incident."""

from datetime import datetime
from typing import Any

from django.http import Http404
from pydantic import Field

from incidents.access.gates import one_or_404
from incidents.api.agents.schemas import each, shape, together
from incidents.api.agents.tools.tool import Arguments, CannotDo, Text, Told, Tool
from incidents.api.resources.knobs import KnobSerializer
from incidents.api.resources.parts import TurnSerializer
from incidents.knowledge.queries import knobs_for, turns_of
from incidents.models import User

MOST = 100
"""Turns that are told: the latest."""


class Asked(Arguments):
    component: Text = Field(description="What it configures: nginx.")
    key: Text = Field(description="The setting: keepalive_timeout.")


def call(asked: Asked, *, user: User, at: datetime) -> Told:  # noqa: ARG001 (as every tool)
    try:
        knob = one_or_404(knobs_for(user), component=asked.component, key=asked.key)
    except Http404 as refusal:
        sentence = f"“{asked.component} {asked.key}” was turned in no incident that is open to you."
        raise CannotDo(sentence) from refusal
    turns = turns_of(knob, user).select_related("incident", "knob")[:MOST]
    data = {
        "knob": KnobSerializer(knob).data,
        "turns": TurnSerializer(turns, many=True).data,
    }
    return Told(data, "\n".join(lines_of(data)))


def lines_of(found: dict[str, Any]) -> list[str]:
    knob, turns = found["knob"], found["turns"]
    unit = f" ({knob['unit']})" if knob["unit"] else ""
    lines = [f"# {knob['component']} {knob['key']}{unit}", ""]
    lines += [knob["description"], ""] if knob["description"] else []
    for turn in turns:
        when = turn["turned"]["at"] or "at an unknown time"
        incident = turn["incident"]
        lines.append(
            f"- {value_of(turn, 'before')} → {value_of(turn, 'after')}, {turn['part']}, {when}:"
            f" {incident['reference']} {incident['title']}"
        )
    if knob["turned"] > len(turns):
        lines.append(f"- and {knob['turned'] - len(turns)} earlier turns")
    return lines


def value_of(turn: dict[str, Any], side: str) -> str:
    known = {"unknown": "unknown", "absent": "not set"}
    return known.get(turn[f"{side}_known"], str(turn[side]))


TOOL = Tool(
    name="knob",
    title="Read what became of a setting",
    about="Read every value that a configuration setting had in an incident, before and after, and"
    " whether turning it contributed, was tried, mitigated or fixed. Ask before you change one.",
    takes=Asked,
    gives=lambda: together(knob=shape("Knob"), turns=each(shape("Turn"))),
    call=call,
)
