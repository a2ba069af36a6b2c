"""The answers that we publish: they load, say where they come from, and claim nothing that we do not know."""

import re
from pathlib import Path

import pytest

from helpdesk.core import clock
from helpdesk.faq.loader.checks import for_editors
from helpdesk.faq.loader.folder import Loaded, load_folder
from helpdesk.faq.types import Answer

FOLDER = Path(__file__).parents[3] / "faq_data"
LISTS = ("topics", "synonyms", "none_of_these", "smalltalk", "person", "safety")
FEWEST_PHRASINGS = 20

# Nobody has confirmed these: see the rules in faq_data/README.md.
NOT_KNOWN = (
    (r"\b(open|opening hours)\b.*\d(am|pm)", "the helpdesk's hours"),
    (r"\bwithin \d+ (minutes?|hours?|working days?)\b.*\b(reply|answer|respond)", "a time to reply"),
    (r"\b(\d+|three|five|ten) (wrong |failed )?(tries|attempts)\b", "how many tries lock an account"),
)
# A helpdesk that asks for these teaches people to hand them to a thief.
NEVER_ASKED = r"\b(send|tell|give|email) us your (six-digit |security )?(code|password|key|secret)"


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return load_folder(FOLDER)


@pytest.fixture(scope="module")
def answers(loaded: Loaded) -> list[Answer]:
    return list(loaded.content.answers.values())


@pytest.fixture(scope="module")
def problems(loaded: Loaded) -> list[str]:
    return [str(problem) for problem in (*loaded.content.problems, *for_editors(loaded.drafts, clock.now().date()))]


def test_every_file_loads_and_needs_no_editor(problems: list[str]) -> None:
    assert problems == []
    assert all((FOLDER / f"{name}.toml").is_file() for name in LISTS)


def test_there_are_answers_in_every_topic(loaded: Loaded) -> None:
    content = loaded.content

    assert {topic.id for topic in content.topics if not content.answers_of(topic.id)} == set()
    assert {item.id for item in content.safety} == {"emergency", "patient_waiting", "suspected_fraud"}
    assert content.person_phrasings
    assert content.smalltalk


def test_every_answer_has_enough_phrasings(answers: list[Answer]) -> None:
    assert {one.id: len(one.phrasings) for one in answers if len(one.phrasings) < FEWEST_PHRASINGS} == {}


def test_every_answer_leads_on_and_names_its_owner_and_sources(answers: list[Answer]) -> None:
    assert [one.id for one in answers if not (one.related and one.sources and one.owner and one.next_step.text)] == []


def test_no_answer_claims_what_nobody_has_confirmed(answers: list[Answer]) -> None:
    found = [
        (one.id, claim)
        for one in answers
        for pattern, claim in NOT_KNOWN
        if re.search(pattern, one.steps_text, re.IGNORECASE)
    ]

    assert found == []


def test_no_answer_asks_for_a_secret(answers: list[Answer]) -> None:
    assert [one.id for one in answers if re.search(NEVER_ASKED, one.steps_text, re.IGNORECASE)] == []


def test_every_answer_opens_with_a_short_gist(answers: list[Answer]) -> None:
    assert [one.id for one in answers if not 10 <= len(one.summary) <= 300] == []
