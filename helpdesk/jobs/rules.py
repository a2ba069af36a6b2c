"""When background work counts as silent, and for how long a worker may keep a task to itself."""

from datetime import timedelta

# Longer than any task takes in one go. A worker that dies holds its task back for no longer than this.
TASK_LEASE = timedelta(minutes=2)
SILENT_AFTER = timedelta(minutes=2)
# Who stops the service waits half a minute at most; a send in progress may take this long to end.
STOPS_WITHIN_SECONDS = 25
