"""The parts of a record. `incidents.records.urls` takes these in under its own name."""

from django.urls import path, register_converter

from incidents.records.parts import views
from incidents.records.parts.kinds import KINDS
from incidents.records.parts.pasting import views as pasting


class KindConverter:
    """The kinds that there are, so that no other address under a record is taken."""

    regex = "|".join(KINDS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(KindConverter, "part_kind")

RECORD = "incidents/<incident_ref:number>"

urlpatterns = [
    path(f"{RECORD}/<part_kind:kind>/", views.parts, name="parts"),
    path(f"{RECORD}/<part_kind:kind>/new/", views.add_part, name="add_part"),
    path(f"{RECORD}/<part_kind:kind>/<int:pk>/", views.part, name="part"),
    path(f"{RECORD}/<part_kind:kind>/<int:pk>/edit/", views.edit_part, name="edit_part"),
    path(f"{RECORD}/<part_kind:kind>/<int:pk>/move/", views.move_part, name="move_part"),
    path(f"{RECORD}/<part_kind:kind>/<int:pk>/remove/", views.remove_part, name="remove_part"),
    path(
        f"{RECORD}/<part_kind:kind>/removed/<int:pk>/bring-back/",
        views.bring_back_part,
        name="bring_back_part",
    ),
    path(f"{RECORD}/timeline/paste/", pasting.paste_timeline, name="paste_timeline"),
    path(f"{RECORD}/timeline/paste/keep/", pasting.keep_pasted, name="keep_pasted"),
]
