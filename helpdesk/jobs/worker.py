"""The loop that does background work, in a process of its own or in a thread of the web server."""

import signal
import threading
import traceback
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.jobs.queries import names_of_resting_tasks
from helpdesk.jobs.rules import STOPS_WITHIN_SECONDS
from helpdesk.jobs.service import claim, finish
from helpdesk.jobs.types import Outcome, Task

if TYPE_CHECKING:
    from flask import Flask

log = structlog.get_logger()

LOOKS_EVERY_SECONDS = 1.0
# Between two batches: short, but others get their turn at the database.
PAUSE_AFTER_WORK_SECONDS = 0.1
# A task that never says that it is finished must not keep `--once` going for ever.
MOST_PASSES = 1_000
ENDINGS = {signal.SIGTERM, signal.SIGINT}


def run_once(app: "Flask", tasks: Sequence[Task]) -> Outcome:
    """Run every task again and again until there is nothing left to do, whenever each would be due."""
    total = Outcome()
    for _ in range(MOST_PASSES):
        outcome = _run_all(app, tasks)
        total += outcome
        if not outcome.done:
            break
    return total


def run_for_ever(app: "Flask", tasks: Sequence[Task], stop: threading.Event) -> None:
    """Run each task when it is due, until told to stop. Neither a fault nor a lost database ends this."""
    log.info("worker_started", tasks=len(tasks))
    while not stop.is_set():
        outcome = _run_due(app, tasks, stop)
        stop.wait(PAUSE_AFTER_WORK_SECONDS if outcome.done else LOOKS_EVERY_SECONDS)
    log.info("worker_stopped")


def run_until_signal(app: "Flask", tasks: Sequence[Task]) -> None:
    """Run in this process until SIGTERM or Ctrl+C, then finish what is in hand."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)  # for the thread too: only the line below takes them
    stop = threading.Event()
    thread = _start_thread(app, tasks, stop)
    signal.sigwait(ENDINGS)
    stop.set()
    thread.join(STOPS_WITHIN_SECONDS)


def run_beside(app: "Flask", tasks: Sequence[Task]) -> None:
    """Run in a thread beside the main one, and finish what is in hand when the main one ends."""
    stop = threading.Event()
    thread = _start_thread(app, tasks, stop)

    def end_with_main_thread() -> None:
        threading.main_thread().join()
        stop.set()
        thread.join(STOPS_WITHIN_SECONDS)

    threading.Thread(target=end_with_main_thread, name="worker-end").start()


def _start_thread(app: "Flask", tasks: Sequence[Task], stop: threading.Event) -> threading.Thread:
    """A daemon: a send that takes too long is left behind, and its claim ends by itself."""
    thread = threading.Thread(target=run_for_ever, args=(app, tasks, stop), name="worker", daemon=True)
    thread.start()
    return thread


def _run_due(app: "Flask", tasks: Sequence[Task], stop: threading.Event) -> Outcome:
    try:
        with app.app_context():
            resting = names_of_resting_tasks()
        return _run_all(app, (task for task in tasks if task.name not in resting and not stop.is_set()))
    except (SQLAlchemyError, OSError) as error:
        log.error("worker_cannot_reach_database", fault=_described(error))
        return Outcome()


def _run_all(app: "Flask", tasks: Iterable[Task]) -> Outcome:
    total = Outcome()
    for task in tasks:
        with app.app_context():
            total += _run(task)
    return total


def _run(task: Task) -> Outcome:
    lease = claim(task)
    if lease is None:
        return Outcome()
    outcome = _attempt(task)
    finish(task, lease=lease, outcome=outcome)
    return outcome


def _attempt(task: Task) -> Outcome:
    try:
        return Outcome(task.run())
    except Exception as error:  # whatever it is, the other tasks and the next round must go on
        log.error("task_fault", task=task.name, exc_info=error)
        return Outcome(faults=(_described(error),))


def _described(error: BaseException) -> str:
    """The kind of fault and where it was, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" in {PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"
