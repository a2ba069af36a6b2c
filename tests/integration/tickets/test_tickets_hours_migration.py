"""Hours that nobody has set are forgotten, so that no call is promised in them; others are kept."""

from datetime import time

import flask_migrate
import pytest
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.extensions import MIGRATIONS
from helpdesk.tickets.models.policies import WorkingSpan

BEFORE, AFTER = "0012", "0013"
WEEKDAYS = range(5)


@pytest.fixture
def app_before(apps, database, tmp_path):
    """An application whose database is as it was before call-backs had times."""
    app = apps.on_new_database(database, tmp_path)
    with app.app_context():
        flask_migrate.upgrade(directory=str(MIGRATIONS), revision=BEFORE)
        yield app
        db.session.remove()
        flask_migrate.downgrade(directory=str(MIGRATIONS), revision="base")
        db.engine.dispose()


@pytest.mark.parametrize(("ends", "kept"), [(time(17, 30), 0), (time(18), 5)])
def test_only_hours_that_somebody_chose_are_kept(app_before, ends, kept):
    db.session.add_all(WorkingSpan(weekday=day, starts=time(9), ends=ends) for day in WEEKDAYS)
    db.session.commit()

    flask_migrate.upgrade(directory=str(MIGRATIONS), revision=AFTER)

    assert len(db.session.scalars(select(WorkingSpan)).all()) == kept
