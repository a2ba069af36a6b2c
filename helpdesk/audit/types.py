"""Plain values of the audit log. An action is a plain string such as 'ticket:resolved'; each slice keeps its own."""

# What a detail may be. Never what people typed, never a secret: the log is kept for years.
DetailValue = str | int | bool | None
