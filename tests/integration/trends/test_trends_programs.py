"""The same figures as a spreadsheet and for programs: within the same organisations, checked in the same words."""

import csv
import io
from datetime import UTC, datetime

import pytest

from tests import factories

CALL = "/api/v1/trends/escalations"
FILE = "/trends/escalations.csv"


def rows(answer):
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_the_spreadsheet_holds_every_organisation_of_ones_own(devs_browser, commissioner, elsewhere, escalated):
    for number in range(6):
        escalated(factories.organisation(parent=commissioner, name=f"Shop {number}", ods_code=f"SH{number}"))
    escalated(elsewhere, count=5)

    answer = devs_browser.get(FILE, query_string={"by": "organisation", "from": "2026-11-16", "to": "2026-11-22"})

    assert answer.mimetype == "text/csv"
    assert "escalations-by-organisation-2026-11-16-to-2026-11-22.csv" in answer.headers["Content-Disposition"]
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    assert rows(answer) == [
        [
            "Escalations by organisation",
            "Organisations: North Thames Commissioning",
            "Period: 2026-11-16 to 2026-11-22",
            "Time zone: Europe/London",
        ],
        ["Organisation", "ODS code", "Week of 2026-11-16", "Total"],
        *([f"Shop {number}", f"SH{number}", "1", "1"] for number in range(6)),
        ["All", "", "6", "6"],
    ]


def test_the_page_links_to_its_own_numbers(devs_browser, pharmacy, escalated):
    escalated(pharmacy)
    page = devs_browser.get("/trends", query_string={"by": "organisation", "from": "2026-11-04"})

    answer = devs_browser.get(page.link("Download the numbers (CSV)"))

    assert rows(answer)[0][2] == "Period: 2026-11-02 to 2026-11-24"
    assert rows(answer)[2] == ["High Street Pharmacy", "FW844", "0", "0", "1", "0", "1"]


def test_no_name_runs_as_a_formula(devs_browser, commissioner, escalated):
    name = "=cmd|'/c calc'!A1"
    escalated(factories.organisation(parent=commissioner, name=name, ods_code="EV1L"))

    answer = devs_browser.get(FILE, query_string={"by": "organisation"})

    assert rows(answer)[2][0] == f"'{name}"


def test_a_program_gets_the_figures_of_its_person(client, dev, pharmacy, elsewhere, escalated, as_program):
    escalated(pharmacy, count=2)
    escalated(elsewhere, count=7)
    escalated(pharmacy, at=datetime(2026, 11, 10, 9, 0, tzinfo=UTC), topic="access")

    answer = client.get(CALL, query_string={"from": "2026-11-09", "to": "2026-11-22"}, headers=as_program(dev))

    assert answer.status_code == 200
    assert answer.json == {
        "by": "topic",
        "from": "2026-11-09",
        "to": "2026-11-22",
        "time_zone": "Europe/London",
        "organisations": ["North Thames Commissioning"],
        "finding": (
            "“Six-digit codes” had the most escalations: 2 of 3. All of these were in the week of 16 November."
        ),
        "weeks": ["2026-11-09", "2026-11-16"],
        "series": [
            {"name": "Six-digit codes", "ods_code": "", "counts": [0, 2], "total": 2},
            {"name": "Locked out", "ods_code": "", "counts": [1, 0], "total": 1},
        ],
        "week_totals": [1, 2],
        "total": 3,
        "total_before": 0,
        "by_email": 3,
        "by_phone": 0,
    }


@pytest.mark.parametrize(
    ("query", "detail", "field"),
    [
        ({"from": "soon"}, "from: Enter a real date, such as 2026-11-24.", "from"),
        ({"to": "2026-12-01"}, "to: The last day must be today or earlier.", "to"),
        ({"by": "person"}, "by: Select topic or organisation.", "by"),
    ],
)
def test_a_program_is_told_what_is_wrong(client, dev, moved_clock, as_program, query, detail, field):
    answer = client.get(CALL, query_string=query, headers=as_program(dev))

    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["detail"] == detail
    assert list(answer.json["errors"]) == [field]


def test_a_program_without_a_token_or_a_role_is_refused(client, ben, as_program):
    unknown = client.get(CALL)
    forbidden = client.get(CALL, headers=as_program(ben))

    assert (unknown.status_code, forbidden.status_code) == (401, 403)
    assert unknown.mimetype == forbidden.mimetype == "application/problem+json"


def test_a_signed_in_browser_is_no_token(devs_browser):
    assert devs_browser.get(CALL).status_code == 401


def test_the_call_is_described(app):
    with app.test_request_context():
        spec = app.spec
    call = spec["paths"][CALL]["get"]

    assert [parameter["name"] for parameter in call["parameters"]] == ["from", "to", "by"]
    assert {"200", "401", "403", "422"} <= set(call["responses"])
    assert "from" in spec["components"]["schemas"]["FiguresAnswer"]["properties"]
