"""Resetting many people after an incident."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.permissions import Permission
from helpdesk.mfa.errors import BulkRefused
from helpdesk.mfa.forms import BulkForm
from helpdesk.mfa.presenters.bulk_resets import bulk_page, bulk_rows, left_out_words
from helpdesk.mfa.queries import bulk_resets as queries
from helpdesk.mfa.service.resets import bulk as service
from helpdesk.web.access import current_actor, freshly_proved, requires
from helpdesk.web.transaction import commits

blueprint = Blueprint("bulk", __name__, url_prefix="/bulk")


@blueprint.get("")
@freshly_proved
@requires(Permission.RESET_BULK)
def choose() -> ResponseReturnValue:
    return _form_page(BulkForm())


@blueprint.post("")
@freshly_proved
@requires(Permission.RESET_BULK)
@commits
def freeze() -> ResponseReturnValue:
    form = BulkForm(request.form)
    try:
        bulk = service.freeze(
            organisation_code=(form.organisation.data or "").strip(),
            addresses=form.addresses.data or "",
            by=current_actor(),
        )
    except BulkRefused as refusal:
        field = form.addresses if form.addresses.data else form.organisation
        field.errors = [refusal.message]
        return _form_page(form, 422)
    return redirect(url_for("resets.bulk.show", bulk_id=bulk.id), 303)


@blueprint.get("/<uuid:bulk_id>")
@requires(Permission.RESET_BULK)
def show(bulk_id: UUID) -> ResponseReturnValue:
    bulk = queries.get_bulk(bulk_id)
    page = bulk_page(
        current_actor(),
        bulk,
        queries.people_of(bulk),
        resets=queries.resets_of(bulk),
        privileged=queries.privileged_on(bulk),
        left_out=queries.platform_administrators(),
    )
    return render_template("mfa/resets/bulk.html", page=page)


@blueprint.post("/<uuid:bulk_id>/approve")
@freshly_proved
@requires(Permission.RESET_BULK)
@commits
def approve(bulk_id: UUID) -> ResponseReturnValue:
    service.approve(queries.bulk_to_change(bulk_id), seen=request.form.get("list", ""), by=current_actor())
    return redirect(url_for("resets.bulk.show", bulk_id=bulk_id), 303)


@blueprint.post("/<uuid:bulk_id>/stop")
@requires(Permission.RESET_BULK)
@commits
def stop(bulk_id: UUID) -> ResponseReturnValue:
    service.stop(queries.bulk_to_change(bulk_id), by=current_actor())
    return redirect(url_for("resets.bulk.show", bulk_id=bulk_id), 303)


def _form_page(form: BulkForm, status: int = 200) -> ResponseReturnValue:
    rows, left_out = bulk_rows(queries.list_bulk_resets()), left_out_words(queries.platform_administrators())
    return render_template("mfa/resets/new_bulk.html", form=form, rows=rows, left_out=left_out), status
