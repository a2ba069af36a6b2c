"""When a mail is tried again."""

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.mail.rules import LEASE, MOST_ATTEMPTS, lease_ends_at, next_attempt_at

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 5), (4, 15), (5, 30), (6, 60), (7, 60), (MOST_ATTEMPTS - 1, 60)]
)
def test_each_wait_is_longer_until_it_is_an_hour(attempts: int, minutes: int) -> None:
    assert next_attempt_at(attempts, now=NOW) == NOW + timedelta(minutes=minutes)


def test_a_mail_is_given_up_after_a_day() -> None:
    moment, attempts = NOW, 1
    while (later := next_attempt_at(attempts, now=moment)) is not None:
        moment, attempts = later, attempts + 1

    assert timedelta(hours=23) < moment - NOW <= timedelta(hours=24)


def test_an_attempt_that_never_ends_is_over_after_two_minutes_and_later_each_time() -> None:
    assert lease_ends_at(1, now=NOW) == NOW + LEASE
    assert lease_ends_at(5, now=NOW) == NOW + timedelta(minutes=30)
