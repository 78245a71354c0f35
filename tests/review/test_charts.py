"""Pictures of figures: well-formed, with their words, and the lengths that the numbers say."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from incidents.review.charts import svg
from incidents.review.figure import CellKind, Chart, Column, Figure, Table

SVG = "{http://www.w3.org/2000/svg}"


def a_figure(rows: list[list[Any]], chart: Chart | None = Chart.BARS) -> Figure:
    names = {
        Chart.BOXES: ["n", "shortest", "lower_quartile", "median", "upper_quartile", "longest"],
        Chart.BARS_AND_MARKS: ["incidents", "before", "change"],
    }.get(chart, ["incidents"])  # type: ignore[arg-type]
    columns = [Column("what", "What", CellKind.TEXT), *(Column(name, name) for name in names)]
    return Figure("any", "By something", "What it means.", Table(columns, rows), chart=chart)


def drawn(figure: Figure) -> ET.Element:
    return ET.fromstring(svg(figure))


def widths(picture: ET.Element) -> list[float]:
    return [float(rect.get("width", 0)) for rect in picture.iter(f"{SVG}rect")]


def test_it_works() -> None:
    picture = drawn(a_figure([["SEV1 critical", 4], ["SEV2 major", 2], ["SEV3 moderate", 0]]))

    long, half, none = widths(picture)
    assert (half, none) == (long / 2, 0)
    assert picture.findtext(f"{SVG}title") == "By something"
    assert "SEV2 major: 2" in (picture.findtext(f"{SVG}desc") or "")
    assert picture.get("aria-labelledby") == "any-t any-d"


def test_what_is_not_drawn_has_no_picture() -> None:
    assert svg(a_figure([["SEV1 critical", 4]], chart=None)) == ""
    assert svg(a_figure([])) == ""


def test_only_zeros_are_drawn_without_length() -> None:
    assert widths(drawn(a_figure([["none", 0], ["nothing", 0]]))) == [0, 0]


def test_a_mark_says_how_many_there_were_before() -> None:
    picture = drawn(
        a_figure([["Pool", 4, 2.0, 2.0], ["Timeout", 1, 8.0, -7.0]], Chart.BARS_AND_MARKS)
    )

    marks = [float(one.get("x1", 0)) for one in picture.iter(f"{SVG}line")][:2]
    origin = min(float(one.get("x", 0)) for one in picture.iter(f"{SVG}rect"))
    assert (marks[1] - origin) == pytest.approx(4 * (marks[0] - origin), abs=0.5)


def test_boxes_stand_on_a_logarithmic_axis() -> None:
    rows = [["all", 30, 1, 10, 100, 1000, 10000], ["SEV1", 3, 0, 0, 0, 0, 0]]
    picture = drawn(a_figure(rows, Chart.BOXES))

    # From ten to a thousand minutes: two of the four decades.
    whole = next(one for one in picture.iter(f"{SVG}line") if one.get("class") == "chart-axis")
    length = float(whole.get("x2", 0)) - float(whole.get("x1", 0))
    assert widths(picture)[0] == pytest.approx(length / 2, abs=0.5)
    assert "median 100 min of 30" in (picture.findtext(f"{SVG}desc") or "")


def test_many_rows_are_cut_and_it_is_said() -> None:
    picture = drawn(a_figure([[f"Service {number}", number + 1] for number in range(40)]))

    assert len(widths(picture)) == 12
    assert "28 more are in the table" in (picture.findtext(f"{SVG}desc") or "")


@pytest.mark.parametrize(
    "name",
    [
        "</text><script>alert(1)</script>",
        '" onload="x',
        "a & b",
        "\x00\x08\ud800".encode("utf-8", "replace").decode(),
        "混雑した" * 20,
        "مرحبا" * 10,
        "x" * 100_000,
    ],
)
def test_names_are_text_whatever_they_say(name: str) -> None:
    picture = drawn(a_figure([[name, 1]]))

    kinds = {element.tag.removeprefix(SVG) for element in picture.iter()}
    assert kinds <= {"svg", "title", "desc", "text", "rect", "line"}
    assert all(len(one.text or "") <= 40 for one in picture.iter(f"{SVG}text"))


def test_nothing_in_it_breaks_the_policy_of_the_page() -> None:
    picture = svg(a_figure([["Pool", 4, 2.0, 2.0]], Chart.BARS_AND_MARKS))

    assert "style=" not in picture
    assert "var(" not in picture
    assert "<style" not in picture
