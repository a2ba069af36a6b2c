"""One reset: what was done, what is to do now, and every act on it."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from helpdesk.accounts.permissions import Permission
from helpdesk.mfa.errors import EvidenceRefused, NumberNotShown
from helpdesk.mfa.forms import EvidenceForm, SeenForm
from helpdesk.mfa.presenters.resets import reset_page
from helpdesk.mfa.queries.resets import get_reset, reset_to_change
from helpdesk.mfa.service.resets import approving, evidence, issuing, requesting
from helpdesk.mfa.service.resets.offers import offers_for
from helpdesk.mfa.types.resets import EvidenceMethod, EvidenceOutcome
from helpdesk.web.access import current_actor, freshly_proved, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("steps", __name__)


@blueprint.get("/<uuid:reset_id>")
@requires(Permission.RESET_CHECK)
def show(reset_id: UUID) -> ResponseReturnValue:
    return _page(reset_id)


@blueprint.post("/<uuid:reset_id>/number")
@freshly_proved
@requires(Permission.RESET_CHECK)
@commits
def show_number(reset_id: UUID) -> ResponseReturnValue:
    """The number is in this very answer, to ring it now. The next page has its last digits again."""
    reset = reset_to_change(current_actor(), reset_id, seen=_seen())
    return _page(reset_id, number=evidence.show_number(reset, by=current_actor()))


@blueprint.post("/<uuid:reset_id>/evidence")
@freshly_proved
@requires(Permission.RESET_CHECK)
@commits
def check(reset_id: UUID) -> ResponseReturnValue:
    actor, form = current_actor(), EvidenceForm(request.form)
    form.offer(())
    if not form.validate():
        return _page(reset_id, form, status=422)
    reset = reset_to_change(actor, reset_id, seen=form.seen.data or 0)
    act = evidence.refuse if form.outcome.data == EvidenceOutcome.REFUSED else evidence.confirm
    try:
        act(reset, _method(form), by=actor)
    except NumberNotShown as refusal:
        form.method.errors = [refusal.message]
        return _page(reset_id, form, status=422)
    return _back_to(reset_id)


@blueprint.post("/<uuid:reset_id>/approve")
@freshly_proved
@requires(Permission.RESET_APPROVE)
@commits
def approve(reset_id: UUID) -> ResponseReturnValue:
    approving.approve(reset_to_change(current_actor(), reset_id, seen=_seen()), by=current_actor())
    return _back_to(reset_id)


@blueprint.post("/<uuid:reset_id>/reject")
@requires(Permission.RESET_CHECK)
@commits
def reject(reset_id: UUID) -> ResponseReturnValue:
    requesting.reject(reset_to_change(current_actor(), reset_id, seen=_seen()), by=current_actor())
    return _back_to(reset_id)


@blueprint.post("/<uuid:reset_id>/cancel")
@requires(Permission.RESET_CHECK)
@commits
def cancel(reset_id: UUID) -> ResponseReturnValue:
    requesting.cancel(reset_to_change(current_actor(), reset_id, seen=_seen()), by=current_actor())
    return _back_to(reset_id)


@blueprint.post("/<uuid:reset_id>/resend")
@freshly_proved
@requires(Permission.RESET_CHECK)
@commits
def resend(reset_id: UUID) -> ResponseReturnValue:
    issuing.resend(reset_to_change(current_actor(), reset_id, seen=_seen()), by=current_actor())
    return _back_to(reset_id)


@blueprint.post("/<uuid:reset_id>/spoken-code")
@freshly_proved
@requires(Permission.RESET_APPROVE)
@commits
def show_spoken_code(reset_id: UUID) -> ResponseReturnValue:
    """The code is in this very answer: it is kept nowhere to be shown from."""
    reset = reset_to_change(current_actor(), reset_id, seen=_seen())
    return _page(reset_id, spoken_code=issuing.show_spoken_code(reset, by=current_actor()))


def _page(
    reset_id: UUID, form: EvidenceForm | None = None, *, number: str = "", spoken_code: str = "", status: int = 200
) -> ResponseReturnValue:
    reset = get_reset(current_actor(), reset_id)
    offers = offers_for(reset, by=current_actor())
    page = reset_page(reset, offers)
    form = form or EvidenceForm(data={"seen": page.version})
    form.offer(offers.methods)
    answer = render_template("mfa/resets/reset.html", page=page, form=form, number=number, spoken_code=spoken_code)
    return answer, status


def _seen() -> int:
    """The version that the reader looked at; 0, which no reset has, where the form does not say."""
    form = SeenForm(request.form)
    return (form.seen.data or 0) if form.validate() else 0


def _method(form: EvidenceForm) -> EvidenceMethod:
    try:
        return EvidenceMethod(form.method.data)
    except ValueError:
        raise EvidenceRefused from None


def _back_to(reset_id: UUID) -> Response:
    return redirect(url_for("resets.steps.show", reset_id=reset_id), 303)
