"""What cannot be done with the audit log."""

from helpdesk.core.errors import RuleRefused


class HeadUnreadable(RuleRefused):
    message = "A head is written as NUMBER:HASH, with at least 16 characters of the hash"
