"""How the outcomes of tasks add up."""

from helpdesk.jobs.types import Outcome


def test_outcomes_add_up() -> None:
    total = Outcome(1) + Outcome(2, ("ValueError",)) + Outcome()

    assert total == Outcome(3, ("ValueError",))
