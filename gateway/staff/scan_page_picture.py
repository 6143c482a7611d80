"""A picture of one page of a scan: small for whoever sorts, large for whoever may open what came."""

from __future__ import annotations

from fastapi import Response

from gateway.core import Core
from gateway.deciding import NotFound
from gateway.dividing.as_it_stands import scan_of
from gateway.dividing.by_hand import ByHand
from gateway.staff.few_at_a_time import FewAtATime
from gateway.staff.file_answers import NO_STORE
from gateway.staff.page_pictures import NoPicture, picture_of
from gateway.staff.scan_looks import large_look_on_record, look_on_record
from gateway.staff.scan_pictures import AT_A_TIME, ScanPictures
from gateway.staff.signed_in import Worker

SMALL, LARGE = 220, 1000


class ScanPagePicture:
    """A long scan has hundreds of them on one page: whoever waits for one keeps nobody else from their work."""

    def __init__(self, core: Core, by_hand: ByHand) -> None:
        self._core, self._by_hand, self._drawn = core, by_hand, ScanPictures()
        self._small, self._large = FewAtATime(2 * AT_A_TIME), FewAtATime()

    async def answer(self, worker: Worker, scan_id: str, number: int, wide: int) -> Response:
        """A JPEG as wide as asked for at most; raises ``NotFound``. That somebody looked is on record."""
        widest = wide if worker.may_identify else min(wide, SMALL)
        few = self._large if widest > SMALL else self._small
        return await few.make(lambda: self._answer(worker, scan_id, number, widest))

    def _answer(self, worker: Worker, scan_id: str, number: int, widest: int) -> Response:
        with self._core.database.reading() as session:
            scan = scan_of(session, scan_id)
        sheet = next((each for each in scan.sheets if each.number == number), None) if scan else None
        if scan is None or sheet is None:
            raise NotFound(scan_id)
        look_on_record(self._core, worker.actor, scan_id)
        try:
            if widest > SMALL:
                large_look_on_record(self._core, worker.actor, scan, sheet)
                content = self._by_hand.content(scan)
                drawn = picture_of(content, sheet.media_type, number, turn=sheet.turned, widest=widest)
            else:
                drawn = self._drawn.of(
                    sheet.sha256, sheet.media_type, number, last=len(scan.sheets), wide=widest,
                    content=lambda: self._by_hand.content(scan),
                )  # fmt: skip
        except NoPicture:
            raise NotFound(scan_id) from None
        return Response(drawn, media_type="image/jpeg", headers=NO_STORE)
