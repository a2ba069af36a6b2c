"""What lets nobody in any longer: the old entry when some resets are approved, and the link of one that was stopped."""

from sqlalchemy import delete, update

from helpdesk.accounts.models import Person
from helpdesk.accounts.service.sessions import sign_out_everywhere
from helpdesk.accounts.service.setup_links import revoke_links
from helpdesk.core.actor import Actor
from helpdesk.db import db
from helpdesk.mfa.models.factors import RecoveryCode, TotpFactor
from helpdesk.mfa.models.resets import MfaReset
from helpdesk.mfa.types.factors import FactorState


def stop_entry(person: Person, *, by: Actor) -> None:
    """No code of the entry, no recovery code, no session and no token is good from now on."""
    is_active = (TotpFactor.person_id == person.id, TotpFactor.state == FactorState.ACTIVE)
    stop = update(TotpFactor).where(*is_active).values(state=FactorState.SUSPENDED)
    db.session.execute(stop, execution_options={"synchronize_session": False})
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    sign_out_everywhere(person, by=by)


def stop_link(reset: MfaReset) -> None:
    """The link of this reset leads nowhere any more, and neither does a password that was given with it."""
    revoke_links(reset.person)
    db.session.expire(reset, ["setup_link_id"])
