"""The second step of signing in, and the fresh proof that dangerous acts ask for."""

from helpdesk.accounts.service import password_proofs, sessions
from helpdesk.accounts.service.proof import ensure_fresh_proof
from helpdesk.accounts.service.signing_in import SignedIn, let_in
from helpdesk.audit.service import record
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.db import write_transaction
from helpdesk.mfa.service.claims import claim_of_actor, claim_of_proof
from helpdesk.mfa.service.verifying import ensure_accepted, judge


def sign_in_with_code(proof_secret: str, typed: str, *, network: str, browser: str, old_secret: str = "") -> SignedIn:
    """Sign in who gave the password a moment ago. CodeRefused, NoFactor, TooMany or PasswordProofEnded otherwise.

    The code is used up and committed before the session is made: a process that dies in between has let nobody in.
    """
    with write_transaction():
        proof = password_proofs.get_proof(proof_secret)
        password_proofs.charge(proof)
        judgement = judge(claim_of_proof(proof), typed, network=network)
        if judgement.is_accepted:
            password_proofs.end(proof)
    ensure_accepted(judgement)
    with write_transaction():
        return let_in(proof.person_id, epoch=proof.epoch, browser=browser, old_secret=old_secret, proved_at=clock.now())


def prove_again(session_secret: str, typed: str, *, by: Actor, network: str) -> str:
    """Note a fresh code in this session, which goes on under the new secret that is returned."""
    prove_with_code(typed, by=by, network=network)
    with write_transaction():
        record("person:proved-again", by=by, target=f"person:{by.person_id}")
        return sessions.renew_proof(session_secret)


def prove_with_code(typed: str, *, by: Actor, network: str) -> None:
    """Use up a code of somebody who is logged in. CodeRefused otherwise."""
    with write_transaction():
        judgement = judge(claim_of_actor(by), typed, network=network)
    ensure_accepted(judgement)


def prove_with_password_and_code(password: str, typed: str, *, by: Actor, network: str) -> None:
    """Both anew, from somebody who is logged in: whoever found the browser open has neither.

    ProofRefused or CodeRefused otherwise.
    """
    ensure_fresh_proof(by=by, password=password)
    prove_with_code(typed, by=by, network=network)
