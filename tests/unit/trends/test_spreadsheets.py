"""The file holds every number, and no cell of it runs as a formula."""

import csv
import io

import pytest

from helpdesk.trends.presenters.spreadsheet import file_name, safe_cell, spreadsheet
from helpdesk.trends.types import EscalationFigures, Grouping, Series
from tests.unit.trends.figures import figures


def _rows(shown: EscalationFigures) -> list[list[str]]:
    text = spreadsheet(shown)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_every_topic_has_a_row() -> None:
    names = [f"Topic {number}" for number in range(6)]
    rows = _rows(figures(*(Series(name, (1, 0)) for name in names)))
    assert rows[0] == [
        "Escalations by topic",
        "Organisations: North Thames Commissioning",
        "Period: 2026-10-26 to 2026-11-08",
        "Time zone: Europe/London",
    ]
    assert rows[1] == ["Topic", "Week of 2026-10-26", "Week of 2026-11-02", "Total"]
    assert rows[2:8] == [[name, "1", "0", "1"] for name in names]
    assert rows[8:] == [["All", "6", "0", "6"]]


def test_organisations_have_their_code() -> None:
    shown = figures(Series("High Street Pharmacy", (3,), "FW844"), grouping=Grouping.ORGANISATION)
    assert _rows(shown)[1:] == [
        ["Organisation", "ODS code", "Week of 2026-10-26", "Total"],
        ["High Street Pharmacy", "FW844", "3", "3"],
        ["All", "", "3", "3"],
    ]
    assert file_name(shown) == "escalations-by-organisation-2026-10-26-to-2026-11-01.csv"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_name_runs_as_a_formula(start: str) -> None:
    name = f'{start}HYPERLINK("http://x.example","Pharmacy")'
    assert safe_cell(name) == f"'{name}"
    rows = _rows(figures(Series(name, (1,)), grouping=Grouping.ORGANISATION))
    assert rows[2][0].startswith("'")


def test_names_with_commas_and_quotes_stay_one_cell() -> None:
    assert _rows(figures(Series('Elm, Grove & "Sons"', (1,))))[2][0] == 'Elm, Grove & "Sons"'
