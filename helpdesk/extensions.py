"""Instances of Flask extensions; the app wires them."""

from pathlib import Path

from flask_migrate import Migrate
from flask_wtf import CSRFProtect

MIGRATIONS = Path(__file__).parent / "migrations"

csrf = CSRFProtect()
migrate = Migrate(directory=str(MIGRATIONS), render_as_batch=True, compare_type=True)
