"""Each week some decisions not to act are drawn by lot and read again by a manager who had no part in them."""

from gateway.alerting import alerting_of
from gateway.core import Core
from gateway.rereading.drawing import Drawing
from gateway.rereading.lot import drawn, seed_of
from gateway.rereading.reading_again import read_again

__all__ = ["Drawing", "drawing_of", "drawn", "read_again", "seed_of"]


def drawing_of(core: Core) -> Drawing:
    """What makes the draw, as this gateway is set up."""
    return Drawing(
        database=core.database, owing=core.owing, alerting=alerting_of(core), clock=core.clock,
        percent=core.settings.reread_percent,
    )  # fmt: skip
