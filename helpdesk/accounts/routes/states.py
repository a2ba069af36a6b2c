"""Freezing and unfreezing an account, marking somebody as left, and erasing who left."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.permissions import Permission
from helpdesk.accounts.presenters.states import QUESTIONS
from helpdesk.accounts.queries.people import get_person, person_to_change
from helpdesk.accounts.service import states
from helpdesk.web.access import current_actor, freshly_proved, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("states", __name__)

ACTS = {"freeze": states.freeze, "unfreeze": states.unfreeze, "leave": states.let_go, "erase": states.erase}
ADDRESS = "/<uuid:person_id>/<any(freeze, unfreeze, leave, erase):act>"


@blueprint.get(ADDRESS)
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
def ask(person_id: UUID, act: str) -> ResponseReturnValue:
    person = get_person(current_actor(), person_id)
    return render_template("accounts/change_state.html", person=person, question=QUESTIONS[act], act=act)


@blueprint.post(ADDRESS)
@freshly_proved
@requires(Permission.PEOPLE_EDIT)
@commits
def change(person_id: UUID, act: str) -> ResponseReturnValue:
    ACTS[act](person_to_change(current_actor(), person_id), by=current_actor())
    return redirect(url_for("people.person.show", person_id=person_id), 303)
