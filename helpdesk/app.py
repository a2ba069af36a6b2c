"""The application: wiring only."""

from apiflask import APIFlask

from helpdesk.accounts.jobs import TASKS as ACCOUNTS_TASKS
from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.queries.explanations import unexplained_roles
from helpdesk.accounts.queries.protection import ask_for_protections
from helpdesk.accounts.routes.blueprint import init_app as init_accounts
from helpdesk.accounts.routes.signing_in import load_actor
from helpdesk.bot.api.conversations import init_app as init_bot_api
from helpdesk.bot.api.description import init_app as init_api_description
from helpdesk.bot.jobs import TASKS as BOT_TASKS
from helpdesk.bot.routes.chat import init_app as init_bot
from helpdesk.bot.routes.learning import init_app as init_learning
from helpdesk.db import db
from helpdesk.extensions import csrf, migrate
from helpdesk.faq.routes.editor import init_app as init_faq_editor
from helpdesk.faq.routes.pages import init_app as init_faq
from helpdesk.jobs.queries import silent_worker
from helpdesk.jobs.tasks import TASKS as JOBS_TASKS
from helpdesk.mail.queries import late_mail
from helpdesk.mfa.jobs import TASKS as MFA_TASKS
from helpdesk.mfa.queries.explanations import unexplained_generations
from helpdesk.mfa.queries.protection import clock_went_back
from helpdesk.mfa.queries.standing import protections_of
from helpdesk.mfa.routes import panels as mfa_panels
from helpdesk.mfa.routes.blueprint import init_app as init_mfa
from helpdesk.settings import Settings, use
from helpdesk.tickets.jobs import TASKS as TICKETS_TASKS
from helpdesk.tickets.routes.blueprint import init_app as init_tickets
from helpdesk.trends.routes import init_app as init_trends
from helpdesk.web import access, errors, filters, framing, logging, pages, panels, security, static_files
from helpdesk.webhooks.queries import late_webhooks

NAVIGATION = (
    pages.NavigationItem("Get help", "bot.chat", for_public_only=True),
    pages.NavigationItem(
        "Queue",
        "tickets.queue.show",
        Permission.TICKET_SEE,
        also=("/agent/tickets", "/agent/search", "/agent/views", "/agent/call-backs"),
    ),
    pages.NavigationItem("Answers", "faq.browse"),
    pages.NavigationItem("Your request", "tickets.requester.ask_for_reference", for_public_only=True),
    pages.NavigationItem("Trends", "trends.escalations", Permission.TRENDS_SEE),
    pages.NavigationItem("People", "people.listing.show", Permission.PEOPLE_SEE, also=("/admin/sites",)),
    pages.NavigationItem("Resets", "resets.listing.show", Permission.RESET_CHECK),
    pages.NavigationItem("Edit answers", "faq_editor.overview", Permission.FAQ_EDIT),
    pages.NavigationItem("Known issues", "tickets.known_issues.show", Permission.KNOWN_ISSUE_EDIT),
    pages.NavigationItem(
        "Deadlines",
        "tickets.deadlines.show",
        Permission.CALENDAR_EDIT,
        also=("/admin/escalation", "/admin/calendar"),
    ),
)

# What slices show on pages of the slices below them.
PANELS = {
    panels.Place.TICKET: (mfa_panels.for_agents,),
    panels.Place.REQUEST: (mfa_panels.for_requester,),
}

SLICES = (
    init_accounts,
    init_faq,
    init_faq_editor,
    init_tickets,
    init_mfa,
    init_bot,
    init_learning,
    init_bot_api,
    init_trends,
)

READINESS_CHECKS = (late_mail, late_webhooks, silent_worker, clock_went_back)


def create_app(settings: Settings) -> APIFlask:
    """The web application for these settings."""
    app = APIFlask(
        "helpdesk",
        title="Pharmacy MFA helpdesk",
        version="1",
        docs_path=None,
        spec_path="/api/v1/openapi.json",
        json_errors=False,
        static_folder="web/static",
        template_folder="web/templates",
    )
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SQLALCHEMY_DATABASE_URI=settings.database,
        # Connections for each thread and some to spare; a restarted PostgreSQL is noticed before it is asked;
        # what people typed stays out of the log when a statement fails.
        SQLALCHEMY_ENGINE_OPTIONS={"pool_size": 16, "max_overflow": 16, "pool_pre_ping": True, "hide_parameters": True},
    )
    app.extensions["tasks"] = (*JOBS_TASKS, *ACCOUNTS_TASKS, *TICKETS_TASKS, *BOT_TASKS, *MFA_TASKS)
    app.extensions["audit_checks"] = (unexplained_roles, unexplained_generations)
    ask_for_protections(protections_of)
    use(settings)
    logging.set_up()
    security.init_app(app, settings)
    csrf.init_app(app)
    framing.init_app(app)
    db.init_app(app)
    migrate.init_app(app, db)
    filters.init_app(app)
    panels.init_app(app, PANELS)
    errors.init_app(app)
    static_files.init_app(app)
    access.init_app(app, load_actor=load_actor)
    for init_slice in SLICES:
        init_slice(app)
    init_api_description(app)
    pages.init_app(app, settings, navigation=NAVIGATION, checks=READINESS_CHECKS)
    return app
