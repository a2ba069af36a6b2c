"""The loop that does background work."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from helpdesk.core import clock
from helpdesk.db import db
from helpdesk.jobs.models import JobRun
from helpdesk.jobs.queries import silent_worker
from helpdesk.jobs.rules import TASK_LEASE
from helpdesk.jobs.service import claim, finish
from helpdesk.jobs.types import Outcome, Task
from helpdesk.jobs.worker import run_for_ever, run_once

HOUR = timedelta(hours=1)


class Work:
    """Something to do: so many items, in batches, and perhaps with a fault first."""

    def __init__(self, items: int = 0, batch: int = 10, fault: Exception | None = None) -> None:
        self.left, self.batch, self.fault, self.runs = items, batch, fault, 0

    def __call__(self) -> int:
        self.runs += 1
        if self.fault:
            raise self.fault
        done = min(self.left, self.batch)
        self.left -= done
        return done


def row_of(task: Task) -> JobRun:
    db.session.rollback()
    row: JobRun = db.session.scalars(select(JobRun).where(JobRun.task == task.name)).one()
    return row


def _set(stop: threading.Event) -> int:
    stop.set()
    return 0


def run_until(app: Flask, tasks: list[Task], is_done: Callable[[], bool]) -> None:
    """The loop, stopped as soon as the condition holds."""
    stop = threading.Event()

    def watch() -> int:
        if is_done():
            stop.set()
        return 0

    run_for_ever(app, [*tasks, Task("watch", timedelta(0), watch)], stop)


def test_once_does_all_there_is_in_every_task(app: Flask) -> None:
    many, few = Work(items=35), Work(items=2)

    outcome = run_once(app, [Task("many", HOUR, many), Task("few", HOUR, few)])

    assert outcome == Outcome(done=37)
    assert (many.left, few.left) == (0, 0)


def test_once_does_not_wait_for_the_schedule(app: Flask) -> None:
    work = Work()
    task = Task("hourly", HOUR, work)
    run_once(app, [task])
    work.left = 3

    assert run_once(app, [task]).done == 3


def test_a_fault_is_noted_without_its_words_and_the_others_go_on(app: Flask) -> None:
    broken, good = Work(fault=ValueError("amina@highstreet.example")), Work(items=1)
    tasks = [Task("broken", HOUR, broken), Task("good", HOUR, good)]

    outcome = run_once(app, tasks)

    assert (outcome.done, len(outcome.faults)) == (1, 2)
    assert row_of(tasks[0]).last_fault == outcome.faults[0]
    assert "ValueError in test_jobs_worker.py:" in outcome.faults[0]
    assert "amina" not in outcome.faults[0]
    assert row_of(tasks[0]).last_fault_at is not None
    assert row_of(tasks[1]).last_fault is None


def test_a_task_never_leaves_a_change_to_the_next(app: Flask) -> None:
    def forget_to_keep() -> int:
        db.session.add(JobRun(task="left over", due_at=clock.now()))
        return 0

    run_once(app, [Task("careless", HOUR, forget_to_keep), Task("next", HOUR, Work())])

    names = set(db.session.scalars(select(JobRun.task)))
    assert names == {"careless", "next"}


def test_the_loop_runs_a_task_when_it_is_due_and_not_before(app: Flask, moved_clock: time_machine.Traveller) -> None:
    work = Work()
    task = Task("hourly", HOUR, work)

    run_until(app, [task], lambda: work.runs == 1)
    run_until(app, [task], lambda: True)
    assert work.runs == 1

    moved_clock.shift(HOUR)
    run_until(app, [task], lambda: True)
    assert work.runs == 2


def test_the_loop_comes_back_at_once_while_there_is_more(app: Flask, moved_clock: time_machine.Traveller) -> None:
    work = Work(items=35)

    run_until(app, [Task("hourly", HOUR, work)], lambda: work.left == 0)

    assert work.runs == 4


def test_the_loop_survives_faults_and_a_lost_database(app: Flask) -> None:
    broken, good = Work(fault=RuntimeError("no")), Work(items=1)

    def lose() -> int:
        raise OperationalError("SELECT 1", None, ConnectionError())

    run_until(
        app,
        [Task("broken", HOUR, broken), Task("lost", HOUR, lose), Task("good", HOUR, good)],
        lambda: good.left == 0,
    )

    assert (broken.runs, good.left) == (1, 0)


def test_a_stopped_loop_starts_nothing_more(app: Flask) -> None:
    stop, work = threading.Event(), Work()
    tasks = [Task("first", HOUR, partial(_set, stop)), Task("second", HOUR, work)]

    run_for_ever(app, tasks, stop)

    assert work.runs == 0


def test_two_workers_do_not_run_one_task_at_the_same_time(app: Flask) -> None:
    inner = Work(items=1)

    def run_another_worker() -> int:
        return run_once(app, [Task("shared", HOUR, inner)]).done

    run_once(app, [Task("shared", HOUR, run_another_worker)])

    assert inner.runs == 0


def test_a_task_of_a_worker_that_died_is_taken_over(app: Flask, moved_clock: time_machine.Traveller) -> None:
    task = Task("hourly", HOUR, Work(items=1))
    assert claim(task) is not None

    assert run_once(app, [task]).done == 0
    moved_clock.shift(TASK_LEASE)
    assert run_once(app, [task]).done == 1


def test_a_worker_that_comes_too_late_does_not_free_the_task_of_another(
    app: Flask, moved_clock: time_machine.Traveller
) -> None:
    task = Task("hourly", HOUR, Work())
    late = claim(task)
    moved_clock.shift(TASK_LEASE)
    other = claim(task)

    assert late is not None
    finish(task, lease=late, outcome=Outcome())

    assert row_of(task).lease == other


def test_silence_is_an_alarm_only_where_there_was_a_worker(app: Flask, moved_clock: time_machine.Traveller) -> None:
    assert silent_worker() is None

    run_once(app, [Task("hourly", HOUR, Work())])
    db.session.rollback()
    assert silent_worker() is None

    moved_clock.shift(timedelta(minutes=3))
    assert silent_worker() == "No background work has run for 3 minutes."
