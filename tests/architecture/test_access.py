"""Every view says who may open it, and what is open without a permission is listed here by name."""

from flask import Flask

from helpdesk.web.access import Access, access_of
from tests.apps import TestApps

# Open to everybody. Who adds a line here has thought about what a stranger could do with it.
PUBLIC = {
    # getting an account to work with
    "accounts.prove_password",
    "accounts.sign_in",
    "accounts.sign_out",
    # answering a mail about a change of address: the link stands in for the account
    "email_links.ask_confirm",
    "email_links.ask_undo",
    "email_links.confirm",
    "email_links.undo",
    "mfa.disputes.ask",
    "mfa.disputes.stop",
    "second_address_links.ask",
    "second_address_links.confirm",
    "mfa.enrolment.ask_for_password",
    "mfa.enrolment.finish",
    "mfa.enrolment.give_password",
    "mfa.enrolment.open_link",
    "mfa.enrolment.show",
    "mfa.enrolment.start",
    "mfa.enrolment.use_link",
    "mfa.sign_in.ask_for_code",
    "mfa.sign_in.ask_for_recovery_code",
    "mfa.sign_in.recover",
    "mfa.sign_in.sign_in",
    "mfa.ways_back.ask_whose",
    "mfa.ways_back.choose_password",
    "mfa.ways_back.forget_password",
    "mfa.ways_back.open_password_link",
    "mfa.ways_back.open_release_link",
    "mfa.ways_back.password_chosen",
    "mfa.ways_back.release",
    "mfa.ways_back.release_link_sent",
    "mfa.ways_back.released",
    "mfa.ways_back.send_release_link",
    "mfa.ways_back.sent",
    # asking for help: the people who ask are locked out
    "bot.chat",
    "bot.choose",
    "bot.close",
    "bot.confirmation",
    "bot.events",
    "bot.feedback",
    "bot.go",
    "bot.hand_over",
    "bot.say",
    "bot.send_hand_over",
    # the time, as every clock on the wall shows it
    "bot.right_time",
    "faq.answer",
    "faq.browse",
    "faq.topic",
    # the same in a frame of a site that may embed us: the token comes in the form
    "embed.chat",
    "embed.events",
    "embed.right_time",
    "embed.choose",
    "embed.close",
    "embed.confirmation",
    "embed.feedback",
    "embed.go",
    "embed.hand_over",
    "embed.say",
    "embed.send_hand_over",
    "framing.script",
    # the same for programs: a conversation's own token stands in for an account
    "bot_api.events",
    "bot_api.feedback",
    "bot_api.hand_over",
    "bot_api.say",
    "bot_api.start",
    "bot_api_docs.docs",
    "pharmacies.suggest",
    # carrying on: a reference and a PIN stand in for the account
    "tickets.own_call.cancel",
    "tickets.own_call.change",
    "tickets.own_call.show",
    "tickets.requester.ask_for_reference",
    "tickets.requester.carry_on",
    "tickets.requester.events",
    "tickets.requester.open_with_pin",
    "tickets.requester.write",
    # what is broken, for all who would ask
    "tickets.known_issues.status",
    # what belongs to no slice
    "openapi.spec",
    "pages.accessibility",
    "pages.healthz",
    "pages.privacy",
    "pages.readyz",
    "static",
}

# Open to everybody with an account, whatever the role.
SIGNED_IN = {
    # the own account
    "own_account.withdraw",
    "mfa.account.ask_before_change",
    "mfa.account.ask_for_new_codes",
    "mfa.account.ask_for_proof",
    "mfa.account.change_authenticator",
    "mfa.account.end_all_log_ins",
    "mfa.account.end_log_in",
    "mfa.account.give_proof",
    "mfa.account.make_new_codes",
    "mfa.account.show",
    "mfa.passwords.changed",
    "mfa.sign_in.recovered",
}

# What changes no account and needs no fresh code, although it is a form about people.
CHANGES_NOBODY = {
    "people.address.withdraw",  # the address stays what it was
    "people.importing.refused_lines",  # a file of what was not imported
    "resets.bulk.stop",  # as with one
    "resets.starting.start",  # asking changes nothing yet
    "resets.steps.cancel",  # stopping a reset is never made harder
    "resets.steps.reject",
}


def _access(app: Flask) -> dict[str, Access | None]:
    return {endpoint: access_of(view) for endpoint, view in app.view_functions.items()}


def test_every_view_says_who_may_open_it(apps: TestApps) -> None:
    silent = [endpoint for endpoint, access in _access(apps.on("sqlite").app).items() if access is None]
    assert not silent


def test_public_views_are_the_listed_ones(apps: TestApps) -> None:
    found = {name for name, access in _access(apps.on("sqlite").app).items() if access == Access()}
    assert found == PUBLIC


def test_views_for_any_account_are_the_listed_ones(apps: TestApps) -> None:
    found = {name for name, access in _access(apps.on("sqlite").app).items() if access == Access(signed_in=True)}
    assert found == SIGNED_IN


def test_who_changes_people_gave_a_code_just_now(apps: TestApps) -> None:
    app = apps.on("sqlite").app
    forms = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())}
    own = {"own_account.change", "mfa.passwords.change"} | {name for name in forms if name.startswith("own_contacts.")}
    about_people = {name for name in forms if name.startswith(("people.", "resets."))} | own
    asked = {name for name, access in _access(app).items() if access and access.fresh_proof}
    assert forms & asked == about_people - CHANGES_NOBODY


def test_views_change_things_by_post_only(apps: TestApps) -> None:
    app = apps.on("sqlite").app
    mixed = [rule.endpoint for rule in app.url_map.iter_rules() if {"GET", "POST"} <= (rule.methods or set())]
    assert not mixed
