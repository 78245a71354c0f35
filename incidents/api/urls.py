"""Version 1 of the interface for programs."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import path

from incidents.api import description, guard
from incidents.api.agents.views import Agents
from incidents.api.lookup import Lookup
from incidents.api.resources import (
    attachments,
    exports,
    history,
    import_rows,
    imports,
    inbox,
    part_rows,
    pasted,
    proposals,
)
from incidents.api.resources import incidents as records
from incidents.api.resources.action_items import STEPS, ActionItems
from incidents.api.resources.directory import People, Services, Teams
from incidents.api.resources.factors import Factors
from incidents.api.resources.incidents import Incidents
from incidents.api.resources.knobs import Knobs, Turns
from incidents.api.resources.lessons import REACTIVATE, RETIRE, SUPERSEDE, Guards, Lessons
from incidents.api.resources.reviews import ActedOn, Decisions, Reviews
from incidents.api.resources.runbooks import VERIFY, Runbooks
from incidents.api.resources.several_action_items import SEVERAL, SeveralActionItems
from incidents.api.writes import Writes
from incidents.api.writing.ways import Way

LIST, ROW = {"get": "list"}, {"get": "retrieve"}
WRITTEN_LIST = {**LIST, "post": "create"}
WRITTEN_ROW = {**ROW, "patch": "partial_update"}
REMOVABLE_ROW = {**WRITTEN_ROW, "delete": "destroy"}


def step(rows: type[Writes], way: Way) -> Callable[..., HttpResponseBase]:
    view: Callable[..., HttpResponseBase] = rows.as_view(
        {"post": "take_step"}, writes={"take_step": way}
    )
    return view


INCIDENT = "api/v1/incidents/<incident_ref:number>"
RUNBOOK = "api/v1/runbooks/<slug:slug>"
LESSON = "api/v1/lessons/<lesson_ref:number>"
ACTION = "api/v1/actions/<action_ref:number>"
REVIEW = "api/v1/reviews/<int:review>"
ATTACHMENT = "api/v1/attachments/<int:attachment>"
EXPORT = "api/v1/exports/<int:export>"
IMPORT = "api/v1/imports/<int:imported>"
PROPOSAL = "api/v1/proposals/<int:proposal>"
MESSAGE = "api/v1/notifications/<int:message>"
HISTORY = "api/v1/history/<str:kind>/<str:name>"
CHANGE = f"{HISTORY}/<int:change>"
DECISION = f"{REVIEW}/decisions/<int:decision>"

app_name = "api"
urlpatterns = [
    path("mcp", Agents.as_view(), name="agents"),
    path("api/v1/schema/", description.Schema.as_view(), name="schema"),
    path("api/v1/docs/", description.docs, name="docs"),
    path("api/v1/guard/", guard.Check.as_view(), name="guard"),
    path("api/v1/lookup/", Lookup.as_view(), name="lookup"),
    path("api/v1/incidents/", Incidents.as_view(WRITTEN_LIST), name="incidents"),
    path(
        "api/v1/incidents/<incident_ref:number>/", Incidents.as_view(WRITTEN_ROW), name="incident"
    ),
    path(f"{INCIDENT}/review/", step(Incidents, records.REVIEW), name="send_to_review"),
    path(f"{INCIDENT}/answer/", step(Incidents, records.ANSWER), name="answer_review"),
    path(f"{INCIDENT}/publish/", step(Incidents, records.PUBLISH), name="publish"),
    path(f"{INCIDENT}/draft/", step(Incidents, records.RETURN), name="return_to_draft"),
    path(f"{INCIDENT}/withdraw/", step(Incidents, records.WITHDRAW), name="withdraw"),
    path(f"{INCIDENT}/access/", records.Access.as_view(WRITTEN_ROW), name="access"),
    path(f"{INCIDENT}/events/read/", step(pasted.Reading, pasted.READ), name="read_log"),
    path(f"{INCIDENT}/events/keep/", step(pasted.Keeping, pasted.KEEP), name="keep_events"),
    *part_rows.routes(),
    path(
        f"{INCIDENT}/attachments/", attachments.OfIncident.as_view(WRITTEN_LIST), name="of_incident"
    ),
    path(f"{RUNBOOK}/attachments/", attachments.OfRunbook.as_view(WRITTEN_LIST), name="of_runbook"),
    path(
        f"{ATTACHMENT}/",
        attachments.One.as_view({**ROW, "delete": "destroy"}),
        name="attachment",
    ),
    path(
        f"{ATTACHMENT}/bring-back/",
        attachments.One.as_view({"post": "take_step"}),
        name="bring_back_attachment",
    ),
    path(
        f"{ATTACHMENT}/content/",
        attachments.Content.as_view(),
        name="attachment_content",
    ),
    path("api/v1/runbooks/", Runbooks.as_view(WRITTEN_LIST), name="runbooks"),
    path(f"{RUNBOOK}/", Runbooks.as_view(WRITTEN_ROW), name="runbook"),
    path(f"{RUNBOOK}/verify/", step(Runbooks, VERIFY), name="verify_runbook"),
    path("api/v1/lessons/", Lessons.as_view(WRITTEN_LIST), name="lessons"),
    path(f"{LESSON}/", Lessons.as_view(WRITTEN_ROW), name="lesson"),
    path(
        f"{LESSON}/guard/",
        Guards.as_view({**WRITTEN_ROW, "post": "create"}),
        name="guard_of_lesson",
    ),
    path(f"{LESSON}/supersede/", step(Lessons, SUPERSEDE), name="supersede_lesson"),
    path(f"{LESSON}/retire/", step(Lessons, RETIRE), name="retire_lesson"),
    path(f"{LESSON}/reactivate/", step(Lessons, REACTIVATE), name="reactivate_lesson"),
    path("api/v1/factors/", Factors.as_view(WRITTEN_LIST), name="factors"),
    path("api/v1/factors/<slug:slug>/", Factors.as_view(WRITTEN_ROW), name="factor"),
    path("api/v1/knobs/", Knobs.as_view(WRITTEN_LIST), name="knobs"),
    path("api/v1/knobs/<int:knob>/", Knobs.as_view(WRITTEN_ROW), name="knob"),
    path("api/v1/knobs/<int:knob>/turns/", Turns.as_view(LIST), name="turns"),
    path("api/v1/actions/", ActionItems.as_view(WRITTEN_LIST), name="action_items"),
    path("api/v1/actions/change/", step(SeveralActionItems, SEVERAL), name="change_action_items"),
    path(f"{ACTION}/", ActionItems.as_view(WRITTEN_ROW), name="action_item"),
    *(
        path(f"{ACTION}/{name}/", step(ActionItems, way), name=f"{name}_action_item")
        for name, way in STEPS.items()
    ),
    path("api/v1/services/", Services.as_view(WRITTEN_LIST), name="services"),
    path("api/v1/services/<slug:slug>/", Services.as_view(WRITTEN_ROW), name="service"),
    path("api/v1/teams/", Teams.as_view(WRITTEN_LIST), name="teams"),
    path("api/v1/teams/<slug:slug>/", Teams.as_view(WRITTEN_ROW), name="team"),
    path("api/v1/people/", People.as_view(LIST), name="people"),
    path("api/v1/people/<str:username>/", People.as_view(ROW), name="person"),
    path("api/v1/reviews/", Reviews.as_view(WRITTEN_LIST), name="reviews"),
    path(f"{REVIEW}/", Reviews.as_view(WRITTEN_ROW), name="review"),
    path(
        f"{INCIDENT}/export/",
        exports.OfIncident.as_view({"post": "create"}),
        name="export_incident",
    ),
    path("api/v1/exports/", exports.Exports.as_view(WRITTEN_LIST), name="exports"),
    path(f"{EXPORT}/", exports.Exports.as_view(ROW), name="export"),
    path(f"{EXPORT}/cancel/", exports.Exports.as_view({"post": "take_step"}), name="cancel_export"),
    path(f"{EXPORT}/file/", exports.ExportFile.as_view(), name="export_file"),
    path("api/v1/imports/", imports.Imports.as_view(WRITTEN_LIST), name="imports"),
    path(f"{IMPORT}/", imports.Imports.as_view(ROW), name="import"),
    path(f"{IMPORT}/rows/", import_rows.Rows.as_view(LIST), name="import_rows"),
    path(f"{IMPORT}/rows/<int:row>/", import_rows.Rows.as_view(ROW), name="import_row"),
    path(f"{IMPORT}/columns/", imports.Columns.as_view(ROW), name="columns"),
    path(f"{IMPORT}/read/", step(imports.ReadAgain, imports.READ_AGAIN), name="read_again"),
    path(f"{IMPORT}/apply/", step(imports.Imports, imports.APPLY), name="apply"),
    path(f"{IMPORT}/undo/", step(imports.Imports, imports.UNDO), name="undo"),
    path(f"{IMPORT}/cancel/", step(imports.Cancel, imports.CANCEL), name="cancel"),
    path(f"{IMPORT}/retry/", step(imports.Imports, imports.RETRY), name="retry"),
    path(f"{INCIDENT}/proposals/", proposals.OfIncident.as_view(LIST), name="proposals"),
    path(f"{PROPOSAL}/record/", step(proposals.Answered, proposals.RECORD), name="record"),
    path(f"{PROPOSAL}/dismiss/", step(proposals.Answered, proposals.DISMISS), name="dismiss"),
    path("api/v1/notifications/", inbox.Inbox.as_view(LIST), name="inbox"),
    path(
        "api/v1/notifications/read-all/",
        inbox.AllRead.as_view({"post": "take_step"}),
        name="read_all",
    ),
    path(
        "api/v1/notifications/preferences/",
        inbox.Preferences.as_view(WRITTEN_ROW),
        name="preferences",
    ),
    path(f"{MESSAGE}/", inbox.Inbox.as_view(ROW), name="message"),
    path(f"{MESSAGE}/read/", inbox.Inbox.as_view({"post": "take_step"}), name="read_message"),
    path(f"{HISTORY}/", history.Lines.as_view(LIST), name="history"),
    path(f"{CHANGE}/", history.OneLine.as_view(ROW), name="change"),
    path(f"{CHANGE}/version/", history.Version.as_view(ROW), name="version"),
    path(f"{CHANGE}/bring-back-field/", step(history.Back, history.FIELD), name="back_field"),
    path(f"{CHANGE}/bring-back-part/", step(history.Back, history.PART), name="back_part"),
    path(f"{CHANGE}/take-back/", step(history.Back, history.WHOLE), name="take_back"),
    path(f"{REVIEW}/decisions/", Decisions.as_view({"post": "create"}), name="decisions"),
    path(f"{DECISION}/", Decisions.as_view(REMOVABLE_ROW), name="decision"),
    path(f"{DECISION}/act/", ActedOn.as_view({"post": "create"}), name="act_on_decision"),
]
