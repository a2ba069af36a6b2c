"""Side by side: the newest 25 for a rare, a common and an absent word among 100,000 tickets of five messages.

Run with `.venv/bin/python -m bench.search`. The words take turns. Writes bench/results/search.json.
"""

import json
import os
import statistics
import tempfile
import time
from pathlib import Path

from flask import Flask
from pydantic import SecretStr

from bench.queue_page import _fill
from helpdesk.accounts.types.directory import Role
from helpdesk.app import create_app
from helpdesk.core.actor import SYSTEM
from helpdesk.db import Base, db, write_transaction
from helpdesk.settings import Settings, use
from helpdesk.tickets.queries.search import search_page
from tests import factories, postgres

TICKETS = int(os.environ.get("BENCH_TICKETS", "100000"))
# What each ticket has, one ticket has, and none has; then what agents also type.
WORDS = {"common": "pharmacy", "rare": "E41234", "absent": "zebrafish"}
OTHERS = {
    # None of the newest 12,000 has it: they are new, and nobody has written yet.
    "common, not lately": "thank",
    "common prefix": "pha*",
    "phrase": '"still does not work"',
    "two common words": "thank pharmacy",
    "rare filter, common word": "status:waiting from:kofi thank",
    "reference-like": "HD-2345-6789",
}
ROUNDS = 40
MOST_ALLOWED_RATIO = 10
RESULTS = Path(__file__).parent / "results" / "search.json"


def main() -> None:
    """Print the medians and their ratio for each database."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for database in ("sqlite", "postgresql"):
            app, settings = _make_app(Path(folder), database)
            results[database] = _compare(app, settings)
    postgres.stop()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=2))
    print(f"Written to {RESULTS.relative_to(Path.cwd())}. Wanted: a ratio of at most {MOST_ALLOWED_RATIO}.")


def _make_app(folder: Path, database: str) -> tuple[Flask, Settings]:
    url = postgres.server().ensure_database("bench_search") if database == "postgresql" else ""
    settings = Settings.model_validate(
        {
            "data_dir": folder / database,
            "database_url": url,
            "secret_key": SecretStr("only for this benchmark, forgotten afterwards"),
            "faq_dir": Path("faq_data").resolve(),
        }
    )
    settings.data_dir.mkdir()
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        factories.person(email="agent@bench.example", role=Role.AGENT)
        with write_transaction():
            factories.organisation(name="Bench commissioner")
        _fill(settings, TICKETS)
        with db.engine.connect() as connection:
            connection.exec_driver_sql("ANALYZE")
            connection.commit()
    return app, settings


def _compare(app: Flask, settings: Settings) -> dict[str, float]:
    """Median milliseconds of each search, taken in turns."""
    use(settings)
    times: dict[str, list[float]] = {name: [] for name in WORDS | OTHERS}
    found: dict[str, int] = {}
    for _ in range(ROUNDS):
        for name, typed in (WORDS | OTHERS).items():
            with app.app_context():
                started = time.perf_counter()
                page = search_page(SYSTEM, typed)
                times[name].append((time.perf_counter() - started) * 1000)
                found[name] = len(page.tickets)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    for name, median in medians.items():
        print(f"{settings.data_dir.name:10} {name:26} {median:8.2f} ms   {found[name]} found")
    three = [medians[name] for name in WORDS]
    print(f"{settings.data_dir.name:10} dearest of the first three to cheapest: {max(three) / min(three):.1f}")
    return medians | {"ratio": max(three) / min(three)}


if __name__ == "__main__":
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    main()
