"""Run by privacyIDEA's own Python, not by ours: a server with one realm and one administrator, in a folder of its own.

    python tests/privacyidea_server.py FOLDER PORT

It prints a line when it listens, and ends when its standard input does.
"""

import os
import sqlite3
import sys
import threading
from pathlib import Path

from privacyidea.app import create_app
from privacyidea.lib.auth import create_db_admin
from privacyidea.lib.policy import set_policy
from privacyidea.lib.realm import set_realm
from privacyidea.lib.resolver import save_resolver
from privacyidea.models import db
from werkzeug.serving import WSGIRequestHandler, make_server

REALM, ADMINISTRATOR, PASSWORD = "pharmacy", "helpdesk", "a password of the tests only"
RIGHTS = "enable, disable, delete, tokenlist, userlist, enrollTOTP"

_CONFIGURATION = """
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/privacyidea.db"
SECRET_KEY = "a key of the tests only, and long enough for them"
PI_PEPPER = "a pepper of the tests only"
PI_ENCFILE = "{folder}/encryption-key"
PI_AUDIT_MODULE = "privacyidea.lib.auditmodules.sqlaudit"
PI_AUDIT_NO_SIGN = True
PI_LOGFILE = "{folder}/log"
PI_LOGLEVEL = 40
"""


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # as in the class it overrides
        pass


def main() -> None:
    """Make it, serve it."""
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    (folder / "encryption-key").write_bytes(os.urandom(96))
    (folder / "configuration").write_text(_CONFIGURATION.format(folder=folder))
    app = create_app(config_name="production", config_file=str(folder / "configuration"), silent=True)
    with app.app_context():
        db.create_all()
        _fill(folder)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("Listening", flush=True)  # noqa: T201  # whoever started it reads this
    sys.stdin.read()


def _fill(folder: Path) -> None:
    with sqlite3.connect(folder / "people.db") as people:
        people.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, login TEXT, email TEXT, name TEXT, phone TEXT)")
    columns = '{"userid": "id", "username": "login", "email": "email", "surname": "name", "phone": "phone"}'
    place = {"Driver": "sqlite", "Server": f"/{folder}", "Database": "people.db", "Table": "people", "Map": columns}
    save_resolver({"resolver": "people", "type": "sqlresolver", **place})
    set_realm(REALM, [{"name": "people"}])
    create_db_admin(ADMINISTRATOR, password=PASSWORD)
    set_policy("rights", scope="admin", action=RIGHTS, active=True)
    set_policy("confirmed", scope="enrollment", action="verify_enrollment=totp", realm=REALM, active=True)


if __name__ == "__main__":
    main()
