"""The geometry of the reliability picture: does 0.8 mean right in eight of ten? Every sum its template must not do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from helpdesk.bot.rules.estimates import Bin
from helpdesk.bot.rules.evaluation import Evaluation

# Not the pages' environment: a picture has no navigation, and a command no request.
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"), undefined=StrictUndefined, autoescape=True
)
# In units of the view box. Below each square of the plot stands a strip with the counts.
SIDE, STRIP = 300, 60
LEFT, TOP, GAP, BOTTOM = 60, 60, 30, 50
PANEL = LEFT + SIDE + 20
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True)
class Mark:
    """One bin: a point, the interval of its share, and a bar for its messages."""

    x: float
    y: float
    low_y: float
    high_y: float
    bar_x: float
    bar_y: float
    bar_width: float
    bar_height: float
    count: str
    count_x: float
    # What the point says, for whoever points at it or cannot see it.
    words: str


@dataclass(frozen=True)
class Tick:
    x: float
    y: float
    label: str


@dataclass(frozen=True)
class Panel:
    """One run of the measuring."""

    x: int
    title: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class ReliabilityPicture:
    """The runs side by side, as `bot/reliability.svg` draws them."""

    width: int
    height: int
    left: int
    right: int
    top: int
    base: int
    counts_base: int
    description: str
    ticks: tuple[Tick, ...]
    panels: tuple[Panel, ...]


def reliability_picture(runs: Mapping[str, Evaluation]) -> ReliabilityPicture:
    """The picture of these runs, by their titles."""
    return ReliabilityPicture(
        width=PANEL * len(runs),
        height=_counts_base() + BOTTOM,
        left=LEFT,
        right=LEFT + SIDE,
        top=TOP,
        base=TOP + SIDE,
        counts_base=_counts_base(),
        description=" ".join(f"{title}: {_error(evaluation)}." for title, evaluation in runs.items()),
        ticks=tuple(Tick(_x(at), _y(at), f"{at:.1f}") for at in TICKS),
        panels=tuple(
            Panel(PANEL * number, f"{title} ({_error(evaluation)})", _marks(evaluation.bins))
            for number, (title, evaluation) in enumerate(runs.items())
        ),
    )


def drawn(picture: ReliabilityPicture) -> str:
    """The picture as SVG."""
    return TEMPLATES.get_template("bot/reliability.svg").render(picture=picture)


def _error(evaluation: Evaluation) -> str:
    return "nothing measured" if evaluation.calibration is None else f"ECE {evaluation.calibration.value:.3f}"


def _marks(bins: Sequence[Bin]) -> tuple[Mark, ...]:
    most = max((one.right.total for one in bins), default=0)
    return tuple(_mark(one, most) for one in bins if one.right.total)


def _mark(one: Bin, most: int) -> Mark:
    height = STRIP * one.right.total / most
    return Mark(
        x=_x(one.mean_confidence),
        y=_y(one.right.value),
        low_y=_y(one.right.low),
        high_y=_y(one.right.high),
        bar_x=_x(one.low) + 1,
        bar_y=round(_counts_base() - height, 1),
        bar_width=round(_x(one.high) - _x(one.low) - 2, 1),
        bar_height=round(height, 1),
        count_x=round((_x(one.low) + _x(one.high)) / 2, 1),
        count=f"{one.right.total:,}",
        words=f"Confidence {one.mean_confidence:.2f}: right {one.right.value:.2f}, {one.right.total:,} messages",
    )


def _counts_base() -> int:
    return TOP + SIDE + GAP + GAP + STRIP


def _x(at: float) -> float:
    return round(LEFT + SIDE * at, 1)


def _y(at: float) -> float:
    return round(TOP + SIDE * (1 - at), 1)
