"""What an agent may ask for: a file for each."""

from incidents.api.agents.tools import (
    add_timeline_event,
    check_config,
    incident,
    knob,
    lookup,
    open_incident,
    runbook,
)
from incidents.api.agents.tools.tool import Tool

TOOLS: dict[str, Tool] = {
    module.TOOL.name: module.TOOL
    for module in (lookup, incident, runbook, knob, check_config, add_timeline_event, open_incident)
}
