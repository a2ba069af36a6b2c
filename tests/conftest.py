"""What every test can ask for: the application on both databases, a browser-like client, the cast, a clock to move.

Ask for `app` when a test needs the database, for `client` when it needs pages. Both bring empty tables and a pushed
application context; what a factory made is committed. A test that asks for neither starts at once, without a database.
"""

import os
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from helpdesk.db import db
from helpdesk.settings import PREFIX, Settings
from tests import network, postgres

pytest.register_assert_rewrite("tests.client", "tests.html", "tests.page_rules")

from tests.apps import DATABASES, TestApps  # noqa: E402  # after its assertions are made readable
from tests.client import PageClient  # noqa: E402

pytest_plugins = ["tests.people"]

# SQLite's commits wait for the disk, which is what a pharmacy wants and a test does not.
MEMORY = Path("/dev/shm")

TUESDAY_MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

# On a quiet machine a unit test takes 10 ms and an integration test 500 ms; these allow for a busy one.
SLOWEST_SECONDS = {"unit": 0.1, "integration": 2.0}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--strict-times", action="store_true", help="fail unit tests over 0.1 s and integration tests over 2 s"
    )


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]  # a developer's own settings decide nothing here
    config.addinivalue_line("markers", "slow: long load, fault and crash tests, run by `make soak`")
    network.forbid()
    if (port := getattr(config, "workerinput", {}).get("postgres_port")) is not None:
        postgres.join(port)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    """Before a worker process starts: tell it where the one PostgreSQL server of this run is."""
    try:
        node.workerinput["postgres_port"] = postgres.server().port  # type: ignore[attr-defined]  # of pytest-xdist
    except postgres.PostgresMissing:
        return  # the tests that need it fail with the reason


def pytest_unconfigure() -> None:
    postgres.stop()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    outcome = yield
    if call.when != "call" or not item.config.getoption("--strict-times"):
        return
    level = item.path.relative_to(Path(__file__).parent).parts[0]
    report = outcome.get_result()  # type: ignore[attr-defined]  # pluggy's own result
    if report.passed and call.duration > SLOWEST_SECONDS.get(level, float("inf")):
        report.outcome = "failed"
        report.longrepr = f"Too slow for {level}: {call.duration:.2f} s"


@pytest.fixture(scope="session")
def apps() -> Iterator[TestApps]:
    """The applications of this test process; their files are in memory where the machine has such a folder."""
    folder = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="helpdesk-tests-", dir=folder) as files:
        made = TestApps(Path(files), os.environ.get("PYTEST_XDIST_WORKER", "main"))
        yield made
        made.close()


@pytest.fixture(params=DATABASES)
def database(request: pytest.FixtureRequest) -> str:
    """The database a test runs on: each test runs once on each."""
    name: str = request.param
    return name


@pytest.fixture
def app(apps: TestApps, database: str) -> Iterator[Flask]:
    """The real application with empty tables; its context is pushed, and `db.session` is the test's own session."""
    try:
        made = apps.on(database)
    except postgres.PostgresMissing as missing:
        pytest.fail(str(missing), pytrace=False)
    with made.app.app_context():
        yield made.app
        db.session.rollback()


@pytest.fixture
def settings(app: Flask, apps: TestApps, database: str) -> Settings:
    """The settings of the application under test."""
    return apps.settings_on(database)


@pytest.fixture
def client(app: Flask) -> PageClient:
    """A browser without JavaScript that reads every page strictly. Nobody is signed in."""
    made = app.test_client()
    assert isinstance(made, PageClient)
    return made


@pytest.fixture
def moved_clock() -> Iterator[time_machine.Traveller]:
    """The time stands still on Tuesday 24 November 2026 at 9am; `move_to(...)` and `shift(timedelta(...))` move it."""
    with time_machine.travel(TUESDAY_MORNING, tick=False) as clock:
        yield clock
