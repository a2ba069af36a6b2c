"""Why no figure can be shown for the days that were asked for."""

from helpdesk.core.errors import RuleRefused


class PeriodRefused(RuleRefused):
    """The days make no period."""

    # The day that has to change, as its field and its parameter are called.
    day = "from"


class FirstDayAfterLast(PeriodRefused):
    message = "The first day must be the same as or before the last day"


class TooEarly(PeriodRefused):
    message = "The first day must be in 2020 or later"


class TooManyWeeks(PeriodRefused):
    message = "Choose 53 weeks or fewer"


class LastDayAhead(PeriodRefused):
    day = "to"
    message = "The last day must be today or earlier"


class LastDayTooEarly(PeriodRefused):
    day = "to"
    message = "The last day must be in 2020 or later"
