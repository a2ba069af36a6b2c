"""Pharmacies that may be meant, while one is typed on the hand-over form."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from helpdesk.bot.presenters.pharmacies import suggestion
from helpdesk.bot.service.pharmacies import suggest_sites
from helpdesk.web.access import public
from helpdesk.web.security import client_network

blueprint = Blueprint("pharmacies", __name__)


@blueprint.post("/speak-to-a-person/pharmacies")
@public
def suggest() -> ResponseReturnValue:
    """A few pharmacies. By POST, so that what was typed stays out of addresses and so out of logs."""
    sites = suggest_sites(request.form.get("text", ""), network=client_network())
    return jsonify(pharmacies=[suggestion(site) for site in sites])
