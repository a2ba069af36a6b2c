"""Add the second email address that waits to be confirmed: nobody hears of an account at an address unasked."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.add_column(sa.Column("second_email_asked", sa.String(254), nullable=False, server_default=""))
        person.add_column(sa.Column("second_email_asked_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("person") as person:
        person.alter_column("second_email_asked", server_default=None)
        person.create_check_constraint(
            op.f("ck_person_second_email_asked_at"), "(second_email_asked = '') = (second_email_asked_at IS NULL)"
        )


def downgrade() -> None:
    with op.batch_alter_table("person") as person:
        person.drop_constraint(op.f("ck_person_second_email_asked_at"), type_="check")
        person.drop_column("second_email_asked_at")
        person.drop_column("second_email_asked")
