"""The second step of signing in: a code of the authenticator, or a recovery code in its place."""

from http import HTTPStatus

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.accounts.errors import PasswordProofEnded, SignInRefused
from helpdesk.accounts.routes.signing_in import PASSWORD_PROOF, SESSION, keep_session, start_page
from helpdesk.accounts.rules import local_path
from helpdesk.accounts.service.password_proofs import find_proof
from helpdesk.accounts.service.signing_in import SignedIn
from helpdesk.accounts.types.log_ins import Proof
from helpdesk.core.actor import Actor
from helpdesk.db import write_transaction
from helpdesk.mfa.errors import CodeRefused, LaneClosed, NoFactor, RecoveryCodeRefused
from helpdesk.mfa.forms import CodeForm, RecoveryCodeForm
from helpdesk.mfa.presenters.account import codes_left_in_words
from helpdesk.mfa.presenters.no_factor import no_factor_page
from helpdesk.mfa.queries.protection import count_codes_left, has_factor
from helpdesk.mfa.queries.resets import find_latest
from helpdesk.mfa.service.enrolling import start_set_up
from helpdesk.mfa.service.recovery_codes import sign_in_with_recovery_code
from helpdesk.mfa.service.signing_in import sign_in_with_code
from helpdesk.web.access import current_actor, public, signed_in
from helpdesk.web.errors import say_when_to_try_again
from helpdesk.web.security import client_network, delete_cookie, read_cookie

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in/code")
@public
def ask_for_code() -> ResponseReturnValue:
    proof = find_proof(read_cookie(PASSWORD_PROOF))
    if proof is None:
        return _start_again()
    if not has_factor(proof):
        return _no_factor(proof)
    return render_template("mfa/code.html", form=CodeForm(data={"next": request.args.get("next", "")}))


@blueprint.post("/sign-in/code")
@public
def sign_in() -> ResponseReturnValue:
    """Commits for itself, twice: the code is used up before the session is made."""
    form = CodeForm(request.form)
    if not form.validate():
        return render_template("mfa/code.html", form=form), 422
    try:
        signed_in = sign_in_with_code(read_cookie(PASSWORD_PROOF), form.code.data or "", **_browser())
    except CodeRefused as refusal:
        form.code.errors = [refusal.message]
        return render_template("mfa/code.html", form=form), 422
    except NoFactor:
        return _no_factor(find_proof(read_cookie(PASSWORD_PROOF)))
    except LaneClosed as refusal:
        return _lane_closed(refusal)
    except (PasswordProofEnded, SignInRefused):
        return _start_again()
    return _signed_in(signed_in, form.next.data or "")


@blueprint.get("/sign-in/recovery-code")
@public
def ask_for_recovery_code() -> ResponseReturnValue:
    if find_proof(read_cookie(PASSWORD_PROOF)) is None:
        return _start_again()
    form = RecoveryCodeForm(data={"next": request.args.get("next", "")})
    return render_template("mfa/recovery_code.html", form=form)


@blueprint.post("/sign-in/recovery-code")
@public
def recover() -> ResponseReturnValue:
    """Commits for itself: the code is compared outside of any transaction."""
    form = RecoveryCodeForm(request.form)
    if not form.validate():
        return render_template("mfa/recovery_code.html", form=form), 422
    try:
        recovered = sign_in_with_recovery_code(read_cookie(PASSWORD_PROOF), form.code.data or "", **_browser())
    except RecoveryCodeRefused as refusal:
        form.code.errors = [refusal.message]
        return render_template("mfa/recovery_code.html", form=form), 422
    except LaneClosed as refusal:
        return _lane_closed(refusal)
    except (PasswordProofEnded, SignInRefused):
        return _start_again()
    if recovered.signed_in is None:
        with write_transaction():
            start_set_up(read_cookie(PASSWORD_PROOF))
        return redirect(url_for("mfa.enrolment.show"), 303)
    response = redirect(url_for("mfa.sign_in.recovered"), 303)
    keep_session(response, recovered.signed_in)
    return response


@blueprint.get("/sign-in/recovered")
@signed_in
def recovered() -> ResponseReturnValue:
    actor: Actor = current_actor()
    left = count_codes_left(actor.person_id) if actor.person_id else 0
    return render_template("mfa/recovered.html", codes_left=codes_left_in_words(left), start_url=start_page(actor))


def _browser() -> dict[str, str]:
    return {
        "network": client_network(),
        "browser": request.user_agent.string,
        "old_secret": read_cookie(SESSION),
    }


def _signed_in(signed_in: SignedIn, target: str) -> ResponseReturnValue:
    response = redirect(local_path(target) or start_page(signed_in.actor), 303)
    keep_session(response, signed_in)
    delete_cookie(response, PASSWORD_PROOF)
    return response


def _lane_closed(refusal: LaneClosed) -> ResponseReturnValue:
    response = make_response(render_template("mfa/lane_closed.html"), HTTPStatus.TOO_MANY_REQUESTS)
    say_when_to_try_again(response, refusal)
    return response


def _start_again() -> ResponseReturnValue:
    return redirect(url_for("accounts.sign_in") + "?ended", 303)


def _no_factor(proof: Proof | None) -> ResponseReturnValue:
    """Says why there is none to whoever gave the password a moment ago, and to nobody else."""
    if proof is None:
        return _start_again()
    page = no_factor_page(find_latest(proof.person_id), was_set_up=proof.generation > 0)
    return render_template("mfa/no_factor.html", page=page)
