"""What must happen to chats by itself."""

from datetime import timedelta

from helpdesk.bot.service.forgetting import forget_old_conversations
from helpdesk.db import write_transaction
from helpdesk.jobs.types import Task

# Few, so that nobody who writes meanwhile waits for long.
BATCH = 200


def forget_old() -> int:
    """Delete chats that no person took over, some time after their end."""
    with write_transaction():
        return forget_old_conversations(BATCH)


TASKS = (Task("forget old chats", timedelta(hours=1), forget_old),)
