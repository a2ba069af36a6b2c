"""The sentence that a figure begins with is true and reads well, for few and for many."""

from datetime import date

import pytest

from helpdesk.trends.presenters.findings import change, finding
from helpdesk.trends.types import Grouping, Series
from tests.unit.trends.figures import figures

PHONES, CODES, LOCKED, STEPS = "Lost phones", "Six-digit codes", "Locked out", "Setting up MFA"


@pytest.mark.parametrize(
    ("series", "sentence"),
    [
        ([], "There were no escalations from 26 October to 15 November 2026."),
        ([Series(PHONES, (0, 1, 0))], "There was 1 escalation: “Lost phones”, in the week of 2 November."),
        (
            [Series(PHONES, (21, 14, 20)), Series(CODES, (40, 20, 5))],
            "“Lost phones” had the most escalations: 55 of 120. These peaked at 21 in the week of 26 October.",
        ),
        (
            [Series(PHONES, (3, 5, 5)), Series(CODES, (1, 0, 0))],
            "“Lost phones” had the most escalations: 13 of 14. "
            "These peaked at 5 in the weeks of 2 November and 9 November.",
        ),
        (
            [Series(PHONES, (4, 4, 4)), Series(CODES, (1, 0, 0))],
            "“Lost phones” had the most escalations: 12 of 13. No week had more than 4 of these.",
        ),
        (
            [Series(PHONES, (0, 1200, 0))],
            "“Lost phones” had all 1,200 escalations. All of these were in the week of 2 November.",
        ),
        (
            [Series(CODES, (1, 1, 1)), Series(PHONES, (0, 0, 3))],
            "“Six-digit codes” and “Lost phones” had 3 escalations each. "
            "All escalations together peaked at 4 in the week of 9 November.",
        ),
        (
            [Series(CODES, (0, 0, 1)), Series(PHONES, (0, 0, 1))],
            "“Six-digit codes” and “Lost phones” had 1 escalation each. "
            "All escalations were in the week of 9 November.",
        ),
        (
            [Series(CODES, (2, 2, 2)), Series(PHONES, (2, 2, 2)), Series(LOCKED, (2, 2, 2)), Series(STEPS, (1, 1, 1))],
            "“Six-digit codes”, “Lost phones” and “Locked out” had the most escalations: 6 each, of 21. "
            "No week had more than 7 in all.",
        ),
        (
            [Series(name, (0, 1, 0)) for name in (CODES, PHONES, LOCKED, STEPS)] + [Series("Other", (0, 0, 0))],
            "No topic stands out: 4 had 1 escalation each, of 4 in all. "
            "All escalations were in the week of 2 November.",
        ),
    ],
)
def test_the_sentence_says_who_had_most_and_when(series: list[Series], sentence: str) -> None:
    assert finding(figures(*series)) == sentence


def test_a_single_week_has_no_peak() -> None:
    sentence = finding(figures(Series(PHONES, (5,)), Series(CODES, (2,))))
    assert sentence == "“Lost phones” had the most escalations: 5 of 7."


def test_organisations_are_named_with_their_code() -> None:
    pharmacy = Series("High Street Pharmacy", (2, 5, 0), "FW844")
    sentence = finding(figures(pharmacy, Series("Elm Grove", (1, 0, 0), "FX001"), grouping=Grouping.ORGANISATION))
    assert sentence.startswith("High Street Pharmacy (FW844) had the most escalations: 7 of 8.")


def test_weeks_of_two_years_are_named_with_the_year() -> None:
    sentence = finding(figures(Series(PHONES, (1, 5, 0)), first=date(2025, 12, 22)))
    assert sentence.endswith("in the week of 29 December 2025.")


@pytest.mark.parametrize(
    ("total", "before", "words"),
    [(5, 5, "No change"), (1305, 5, "1,300 more"), (5, 8, "3 fewer"), (0, 0, "No change")],
)
def test_a_change_is_said_in_words(total: int, before: int, words: str) -> None:
    assert change(total, before) == words
