"""Side by side: the queue's first page at 1,000 and at 100,000 tickets, on SQLite and on PostgreSQL.

Run with `.venv/bin/python -m bench.queue_page`. Requests to the two sizes take turns. Writes
bench/results/queue_page.json.
"""

import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr

from helpdesk.accounts.models import Person
from helpdesk.accounts.service.signing_in import let_in
from helpdesk.accounts.types.directory import Role
from helpdesk.app import create_app
from helpdesk.cli import group
from helpdesk.db import Base, db, write_transaction
from helpdesk.settings import Settings, use
from tests import factories, postgres

SIZES = (1_000, 100_000)
VIEWS = ("all-open", "mine", "unassigned", "due-soon", "waiting", "escalated")
ROUNDS = 30
MOST_ALLOWED_RATIO = 1.5
RESULTS = Path(__file__).parent / "results" / "queue_page.json"


def main() -> None:
    """Print the medians and their ratio for each database and view."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for database in ("sqlite", "postgresql"):
            apps = {size: _make_app(Path(folder), database, size) for size in SIZES}
            results[database] = {view: _compare(apps, view) for view in VIEWS}
    postgres.stop()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2))
    print(f"Written to {RESULTS.relative_to(Path.cwd())}. Wanted: first page at most {MOST_ALLOWED_RATIO} times.")


def _make_app(folder: Path, database: str, size: int) -> tuple[Flask, Settings, FlaskClient]:
    url = postgres.server().ensure_database(f"bench_queue_{size}") if database == "postgresql" else ""
    settings = Settings.model_validate(
        {
            "data_dir": folder / f"{database}-{size}",
            "database_url": url,
            "secret_key": SecretStr("only for this benchmark, forgotten afterwards"),
            "faq_dir": Path("faq_data").resolve(),
        }
    )
    settings.data_dir.mkdir()
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        agent = factories.person(email="agent@bench.example", role=Role.AGENT)
        with write_transaction():
            factories.organisation(name="Bench commissioner")
        _fill(settings, size)
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
        client = FlaskClient(app)
        _sign_in(client, agent)
    return app, settings, client


def _fill(settings: Settings, size: int) -> None:
    """As an operator would: with the command."""
    names = {"DATA_DIR": settings.data_dir, "DATABASE_URL": settings.database, "FAQ_DIR": settings.faq_dir}
    environment = {f"HELPDESK_{name}": str(value) for name, value in names.items()}
    arguments = ["sample-data", "--tickets", str(size), "--seed", "1"]
    outcome = CliRunner().invoke(group, arguments, env=environment)
    if outcome.exit_code:
        raise SystemExit(outcome.output)


def _sign_in(client: FlaskClient, agent: Person) -> None:
    with write_transaction():
        signed_in = let_in(agent.id, epoch=agent.session_epoch, browser="")
    client.set_cookie("session", signed_in.session_secret)


def _compare(apps: dict[int, tuple[Flask, Settings, FlaskClient]], view: str) -> dict[str, float]:
    """Median milliseconds of a request at each size, taken in turns, and their ratio."""
    times: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(ROUNDS):
        for size, (_app, settings, client) in apps.items():
            use(settings)
            started = time.perf_counter()
            answer = client.get(f"/agent/queue?view={view}")
            times[size].append((time.perf_counter() - started) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{view}: {answer.status_code}")
    small, large = (statistics.median(times[size]) for size in SIZES)
    print(f"{view:12} {small:7.1f} ms at {SIZES[0]:,}   {large:7.1f} ms at {SIZES[1]:,}   ratio {large / small:.2f}")
    return {"small_ms": small, "large_ms": large, "ratio": large / small}


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
