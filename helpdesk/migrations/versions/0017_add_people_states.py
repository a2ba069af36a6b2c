"""Add the role of a pharmacy's user, and when a person left or changed address. Who left holds no role any more."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

ROLES = ("agent", "lead_agent", "site_administrator", "commissioner", "platform_administrator")


def upgrade() -> None:
    op.add_column("person", sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("person", sa.Column("contacts_changed_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE person SET left_at = updated_at WHERE status = 'left'")
    op.execute(
        "UPDATE membership SET ended_at = (SELECT left_at FROM person WHERE person.id = membership.person_id) "
        "WHERE ended_at IS NULL AND person_id IN (SELECT id FROM person WHERE status = 'left')"
    )
    _allow(("user", *ROLES))


def downgrade() -> None:
    op.execute("DELETE FROM membership WHERE role = 'user'")
    _allow(ROLES)
    op.drop_column("person", "contacts_changed_at")
    op.drop_column("person", "left_at")


def _allow(roles: tuple[str, ...]) -> None:
    with op.batch_alter_table("membership") as membership:
        membership.drop_constraint(op.f("ck_membership_role"), type_="check")
        membership.create_check_constraint(
            op.f("ck_membership_role"), f"role IN ({', '.join(repr(role) for role in roles)})"
        )
