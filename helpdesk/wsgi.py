"""What the web server's own process runs."""

from flask import Flask

from helpdesk.app import create_app
from helpdesk.faq.service.library import current_library
from helpdesk.jobs.server import enter_process
from helpdesk.jobs.worker import run_beside
from helpdesk.settings import load_settings


def make_app() -> Flask:
    """The application alone; a worker runs elsewhere."""
    enter_process()
    app = create_app(load_settings())
    current_library()  # now, so that nobody waits for it and an unreadable FAQ is noticed at once
    return app


def make_app_with_worker() -> Flask:
    """The application with the worker in a thread beside it."""
    app = make_app()
    run_beside(app, app.extensions["tasks"])
    return app
