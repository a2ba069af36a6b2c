"""The figures that somebody may see, put together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.faq.service.library import current_library
from helpdesk.tickets.types import Route
from helpdesk.trends import queries
from helpdesk.trends.rules import largest_first, local_day, stretch_before, stretches
from helpdesk.trends.types import Count, EscalationFigures, Grouping, Key, Period, Series, Site

NOT_FILED = Site("Not filed", "")
# A topic that editors took out since then. Its id is not shown: it may be anything that was ever stored.
FORMER_TOPIC = Site("Topics no longer in use", "")
FORMER = "a topic of before"
NOT_KNOWN = Site("Organisation not known", "")


def today() -> date:
    """The day on which the figures are read, in London."""
    return local_day(clock.now())


def escalation_figures(period: Period, grouping: Grouping, *, by: Actor) -> EscalationFigures:
    """Escalations of each week by topic or by organisation, within the organisations of the one who asks."""
    weeks = stretches(period)
    counts = queries.count_by_week(by, weeks, grouping)
    return EscalationFigures(
        grouping=grouping,
        period=period,
        organisations=queries.names_of_scopes(by),
        series=_series(counts, _names(by, grouping), len(weeks)),
        by_email=_total(counts, Route.EMAIL),
        by_phone=_total(counts, Route.PHONE),
        total_before=queries.count_in(by, stretch_before(period, clock.now())),
    )


def _names(actor: Actor, grouping: Grouping) -> Mapping[Key, Site]:
    """What each topic or organisation is called."""
    if grouping is Grouping.ORGANISATION:
        return {None: NOT_KNOWN, **queries.sites_by_id(actor)}
    return {"": NOT_FILED, **{topic.id: Site(topic.title, "") for topic in current_library().topics}}


def _series(counts: Iterable[Count], names: Mapping[Key, Site], weeks: int) -> tuple[Series, ...]:
    """One part for each topic or organisation; all topics that no longer exist are one."""
    sums: dict[Key, list[int]] = defaultdict(lambda: [0] * weeks)
    for week, key, _, number in counts:
        sums[key if key in names else FORMER][week] += number
    known = {**names, FORMER: FORMER_TOPIC}
    return largest_first(Series(known[key].name, tuple(sums[key]), known[key].ods_code) for key in sums)


def _total(counts: Iterable[Count], route: Route) -> int:
    return sum(count.number for count in counts if count.route is route)
