"""For how long a chat is kept that no person took over."""

from datetime import timedelta

# Questions are learnt from for as long; afterwards nobody needs what somebody wrote.
FORGOTTEN_AFTER = timedelta(days=90)
# Begun by a program and never used.
EMPTY_FORGOTTEN_AFTER = timedelta(days=1)
