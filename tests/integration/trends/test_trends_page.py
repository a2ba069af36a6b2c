"""Escalations of each week, as a commissioner reads them."""

from datetime import UTC, datetime

import pytest

from helpdesk.tickets.types import Route
from tests import factories

TRENDS = "/trends"


def table(page):
    """The rows of the page's table, without its head."""
    (found,) = page.tree.find_all("table")
    return [[cell.text for cell in row.find_all("th", "td")] for row in found.find_all("tr")][1:]


def tiles(page):
    """The number of each tile, by its name."""
    return {
        next(tile.with_class("app-tile__name")).text: next(tile.with_class("app-tile__figure")).text
        for tile in page.tree.with_class("app-tile")
    }


def test_the_figures_are_said_drawn_and_listed(devs_browser, pharmacy, escalated):
    escalated(pharmacy, topic="codes", count=3)
    escalated(pharmacy, topic="codes", at=datetime(2026, 11, 3, 9, 0, tzinfo=UTC))
    escalated(pharmacy, topic="access", route=Route.PHONE)
    escalated(pharmacy, at=datetime(2026, 9, 15, 9, 0, tzinfo=UTC), count=2)

    page = devs_browser.get(TRENDS)

    assert page.heading == "Escalation trends"
    assert page.has("5 October to 24 November 2026, all pharmacies in North Thames Commissioning")
    assert page.has("“Six-digit codes” had the most escalations: 4 of 5. These peaked at 3 in the week of 16 November.")
    assert tiles(page) == {
        "Escalations": "5",
        "Change": "3 more",
        "To the helpdesk’s email": "4",
        "To the phone queue": "1",
    }
    rows = {row[0]: row[1:] for row in table(page)}
    assert len(rows) == 9
    assert rows["2 November"] == ["1", "0", "1"]
    assert rows["16 November"] == ["3", "1", "4"]
    assert rows["23 November"] == ["0", "0", "0"]
    assert rows["All weeks"] == ["4", "1", "5"]
    assert len(list(page.tree.with_class("app-chart__drawing"))) == 2
    assert page.has("The week of 23 November 2026 is not over: its numbers will grow.")
    assert page.has("These figures are for you and not for publishing: small numbers are not hidden yet.")


def test_a_commissioner_sees_the_own_organisations_only(devs_browser, pharmacy, elsewhere, escalated):
    escalated(pharmacy, count=2)
    escalated(elsewhere, count=7)
    escalated(None, count=3)

    for by in ("topic", "organisation"):
        page = devs_browser.get(TRENDS, query_string={"by": by})
        assert tiles(page)["Escalations"] == "2"
        assert not page.has("Faraway")
        assert not page.has("South Mersey")


def test_whoever_looks_after_everything_sees_everything(cara, sign_in_as, pharmacy, elsewhere, escalated):
    escalated(pharmacy, count=2)
    escalated(elsewhere, count=7)
    escalated(None)

    page = sign_in_as(cara).get(TRENDS, query_string={"by": "organisation"})

    assert page.has("24 November 2026, all organisations")
    assert page.has("Faraway Pharmacy (FAR99) had the most escalations: 7 of 10.")
    assert page.has("Organisation not known")
    assert table(page)[-1] == ["All weeks", "7", "2", "1", "10"]


def test_no_name_of_a_person_and_no_free_text_is_shown(devs_browser, pharmacy, escalated):
    escalated(pharmacy, topic="=free text <b>typed</b> by somebody", count=2)

    page = devs_browser.get(TRENDS)

    assert "Amina" not in page.html
    assert "free text" not in page.html
    assert page.has("“Topics no longer in use” had all 2 escalations.")


def test_more_than_four_topics_become_three_and_the_rest(devs_browser, pharmacy, escalated):
    for count, topic in enumerate(["codes", "access", "locums", "resets", "barcodes"], start=1):
        escalated(pharmacy, topic=topic, count=count)
    escalated(pharmacy, topic="", count=1)

    page = devs_browser.get(TRENDS)

    (head, *_) = next(page.tree.find_all("table")).find_all("tr")
    names = [cell.text for cell in head.find_all("th")]
    topics = ["QR codes and barcodes", "MFA resets", "Locums and several pharmacies"]
    assert names == ["Week of", *topics, "Other topics", "Total"]
    assert table(page)[-1] == ["All weeks", "5", "4", "3", "4", "16"]


def test_two_pharmacies_of_one_name_stay_two(devs_browser, commissioner, escalated):
    for code, count in (("FX001", 1), ("FX002", 2)):
        escalated(factories.organisation(parent=commissioner, name="Elm Grove Pharmacy", ods_code=code), count=count)

    page = devs_browser.get(TRENDS, query_string={"by": "organisation"})

    assert page.has("Elm Grove Pharmacy (FX002) had the most escalations: 2 of 3.")
    assert page.has("Elm Grove Pharmacy (FX001)")


@pytest.mark.parametrize(
    ("moment", "week"),
    [
        (datetime(2026, 3, 22, 23, 59, tzinfo=UTC), "16 March"),
        (datetime(2026, 3, 23, 0, 0, tzinfo=UTC), "23 March"),
        (datetime(2026, 3, 29, 22, 59, tzinfo=UTC), "23 March"),
        (datetime(2026, 3, 29, 23, 0, tzinfo=UTC), "30 March"),  # Monday in London since the clocks went forward
        (datetime(2026, 10, 18, 23, 30, tzinfo=UTC), "19 October"),
        (datetime(2026, 10, 25, 23, 30, tzinfo=UTC), "19 October"),  # Sunday again since they went back
        (datetime(2026, 10, 26, 0, 0, tzinfo=UTC), "26 October"),
    ],
)
def test_weeks_follow_the_clock_in_london(devs_browser, pharmacy, escalated, moment, week):
    escalated(pharmacy, at=moment)

    page = devs_browser.get(TRENDS, query_string={"from": "2026-03-16", "to": "2026-11-22"})

    assert [row[0] for row in table(page) if row[-1] == "1"][:1] == [week]


def test_days_are_widened_to_whole_weeks_and_shown_so(devs_browser, pharmacy, escalated):
    escalated(pharmacy, at=datetime(2026, 11, 9, 8, 0, tzinfo=UTC))

    start = devs_browser.get(TRENDS)
    page = devs_browser.submit(start, button="Show", **{"from": "2026-11-11", "to": "2026-11-12"})

    assert page.has("9 November to 15 November 2026")
    assert page.form("Show").values == {"from": ["2026-11-09"], "to": ["2026-11-15"], "by": ["topic"]}
    assert page.has("There was 1 escalation: “Six-digit codes”, in the week of 9 November.")


def test_nothing_to_show_says_what_to_do(devs_browser, pharmacy):
    page = devs_browser.get(TRENDS)

    assert page.status_code == 200
    assert page.has("There were no escalations from 5 October to 24 November 2026.")
    assert page.has("Choose an earlier first day.")
    assert not list(page.tree.find_all("table"))


@pytest.mark.parametrize(
    ("query", "message", "field"),
    [
        ({"from": "2026-13-40"}, "Enter a real date, such as 2026-11-24", "from"),
        ({"to": "yesterday"}, "Enter a real date, such as 2026-11-24", "to"),
        ({"to": "2026-11-25"}, "The last day must be today or earlier", "to"),
        (
            {"from": "2026-11-20", "to": "2026-11-02"},
            "The first day must be the same as or before the last day",
            "from",
        ),
        ({"from": "2020-01-01"}, "Choose 53 weeks or fewer", "from"),
        ({"from": "0001-01-01", "to": "0001-01-02"}, "The last day must be in 2020 or later", "to"),
        ({"from": "2026-11-02\x00"}, "Enter a real date, such as 2026-11-24", "from"),
        ({"by": "person"}, "Select topic or organisation", "by"),
    ],
)
def test_days_that_make_no_period_are_explained_by_the_field(devs_browser, query, message, field):
    for address in (TRENDS, f"{TRENDS}/escalations.csv"):
        page = devs_browser.get(address, query_string=query)

        assert page.status_code == 422
        assert page.errors == [message]
        assert page.link(message) == f"#{field}"
        assert page.title.startswith("Error: Escalation trends")


def test_empty_days_mean_the_usual_weeks(devs_browser):
    page = devs_browser.get(TRENDS, query_string={"from": "", "to": "", "by": "topic"})
    assert page.has("5 October to 24 November 2026")


@pytest.mark.parametrize("address", [TRENDS, f"{TRENDS}/escalations.csv"])
def test_strangers_have_to_log_in_first(client, address):
    page = client.get(address)
    assert (page.status_code, page.location.split("?")[0]) == (303, "/sign-in")


@pytest.mark.parametrize("address", [TRENDS, f"{TRENDS}/escalations.csv"])
@pytest.mark.parametrize("who", ["ben", "sam"])
def test_roles_without_figures_are_refused(request, sign_in_as, address, who):
    page = sign_in_as(request.getfixturevalue(who)).get(address)
    assert page.status_code == 403
