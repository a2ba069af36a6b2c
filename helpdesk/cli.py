"""The command line: each slice's commands under `helpdesk`."""

import os
import sys

import click
from flask import Flask
from flask.cli import FlaskGroup

from helpdesk.accounts.cli import organisations, people, tokens
from helpdesk.app import create_app
from helpdesk.audit.cli import audit
from helpdesk.bot.cli import ask, evaluate_answers
from helpdesk.faq.cli import faq
from helpdesk.jobs.cli import serve, worker
from helpdesk.mail.cli import mail
from helpdesk.mfa.cli import demo, mfa
from helpdesk.migrations.cli import init
from helpdesk.sample_data.cli import sample_data
from helpdesk.settings import SettingsError, load_settings
from helpdesk.webhooks.cli import webhooks

COMMANDS = (init, demo, sample_data, serve, worker, ask, faq, mail, people, organisations, tokens, mfa, audit, webhooks)


def _load_app() -> Flask:
    return create_app(load_settings())


group = FlaskGroup(
    name="helpdesk",
    create_app=_load_app,
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
    set_debug_flag=False,
    help="The helpdesk that gets pharmacy teams back into PharmOutcomes.",
)
for command in COMMANDS:
    group.add_command(command)
# What is measured is the assistant, of which the FAQ knows nothing.
faq.add_command(evaluate_answers)


def main() -> None:
    """Run one command; a wrong setting is said in words, with exit code 2."""
    os.umask(0o077)  # whatever is written is for its owner alone
    try:
        load_settings()
    except SettingsError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    group()
