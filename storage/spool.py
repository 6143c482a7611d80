"""Where messages wait, sealed and fsync'd in order, while the database cannot be reached."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from storage import spool_segments as segments
from storage.sealing import Seal, SealBroken, sync_file, sync_folder
from storage.spool_folders import Folders
from storage.spool_records import Damaged, Found, records_in
from storage.spool_segments import Place, Record

SEGMENT_BYTES = 8 * 1024 * 1024
SET_ASIDE = "set-aside"


@dataclass(frozen=True, kw_only=True)
class Lost:
    """A record that could not be read back and lies in ``set-aside``; ``head`` if at least that can be opened."""

    name: str
    head: bytes


class Spool:
    """Appended to by one process, and emptied by it. All methods block: call them in a thread.

    A record is durable when ``append`` returns. A segment is deleted once all its records are ``done``, and what
    processes that ended have left is taken over by ``adopt``. ``torn`` counts ends of files that broke off in the
    middle of a record: nobody was told that those had been kept.
    """

    def __init__(self, root: Path, seal: Seal, *, segment_bytes: int = SEGMENT_BYTES) -> None:
        self.root, self._seal, self._segment_bytes = root, seal, segment_bytes
        self.torn = 0
        self._lock = threading.RLock()
        self._folders = Folders(root)
        self._places: deque[Place] = deque()
        self._segment: Path | None = None
        self._size = self._sequence = self._bytes = 0
        self._seen: dict[Path, int] = {}

    @property
    def folder(self) -> Path:
        """This process's own folder, made at first need; raises OSError."""
        with self._lock:
            return self._folders.own or self._folders.make_own()

    @property
    def count(self) -> int:
        """How many records are held."""
        return len(self._places)

    @property
    def size(self) -> int:
        """How many bytes they take."""
        return self._bytes

    def append(self, records: Sequence[Record]) -> None:
        """Durable in this order with one fsync; raises OSError, and then none of them is held."""
        with self._lock:
            folder = self.folder
            if self._segment is None:
                self._segment, self._size = segments.segment_of(folder, self._sequence + 1), 0
            segment, end, places, written = self._segment, self._size, [], []
            for record in records:
                self._sequence += 1
                written.append(segments.sealed(self._seal, folder, self._sequence, record))
                places.append(Place(segment=segment, offset=end, length=len(written[-1]), sequence=self._sequence))
                end += len(written[-1])
            try:
                segments.write(segment, self._size, written)
            except OSError:
                self._segment = None  # what could not be taken back may still lie in it
                raise
            self._places += places
            self._bytes += end - self._size
            self._size = end
            if end >= self._segment_bytes:
                self._segment = None

    def oldest(self, most: int, most_bytes: int) -> list[Record]:
        """What has waited longest, one at least if there is any; raises ``SealBroken`` if that one cannot be opened."""
        with self._lock:
            places = list(islice(self._places, most))
        found: list[Record] = []
        size = 0
        for place in places:
            size += place.length
            if found and size > most_bytes:
                break
            try:
                found.append(segments.read(self._seal, place))
            except SealBroken:
                if found:
                    break
                raise
        return found

    def done(self, count: int) -> None:
        """The ``count`` oldest are kept elsewhere: forget them, and delete the segments that held only such.

        A file that cannot be deleted now stays: whoever takes the folder over finds its records kept already.
        """
        with self._lock:
            finished = [self._places.popleft() for _ in range(min(count, len(self._places)))]
            self._bytes -= sum(place.length for place in finished)
            still = self._places[0].segment if self._places else None
            over = dict.fromkeys(place.segment for place in finished if place.segment != still)
            if self._segment in over:
                self._segment = None
            with suppress(OSError):
                for segment in over:
                    segment.unlink(missing_ok=True)
                for folder in dict.fromkeys(segment.parent for segment in over):
                    sync_folder(folder)
                    self._leave(folder)

    def set_aside_oldest(self) -> None:
        """The oldest record cannot be opened or not be kept elsewhere: put it aside and go on with the next."""
        with self._lock:
            place = self._places[0]
            self._set_aside(place.segment, place.offset, segments.bytes_at(place))
            self.done(1)

    def adopt(self, take_also: Callable[[Path], None]) -> int:
        """Take over what processes that have ended left behind; returns how many records that were.

        ``take_also`` may take what else lies in such a folder, which goes when none of its records is held. A folder
        in which nothing can be opened was sealed with another key: it is left as it is, and ``SealBroken`` is raised
        once no other folder is left to take over.
        """
        adopted, failure = 0, None
        for folder in list(self._folders.of_others()):
            if not self._folders.take_over(folder):
                continue
            try:
                segments.make_durable(folder)
                segments.must_fit(self._seal, folder)
                places = [place for segment in segments.segments_in(folder) for place in self._scan(segment)]
                take_also(folder)
            except (OSError, SealBroken) as error:
                self._folders.release(folder)
                failure = error
                continue
            with self._lock:
                held = list(self._places)
                self._places = deque([*held[:adopted], *places, *held[adopted:]])
                self._bytes += sum(place.length for place in places)
            adopted += len(places)
            self._leave(folder)
        if failure and not adopted:
            raise failure
        return adopted

    def heads(self) -> list[bytes]:
        """The head of every record held, the oldest first."""
        with self._lock:
            places = list(self._places)
        return [segments.read(self._seal, place).head for place in places]

    def news_of_others(self) -> list[bytes]:
        """The heads of what other living processes have come to hold since this was last asked."""
        heads = []
        for folder in self._folders.of_others():
            for segment in segments.segments_in(folder):
                content, seen = segments.bytes_after(segment, self._seen.get(segment, 0))
                whole = [found for found in records_in(content) if isinstance(found, Found)]
                if whole:
                    sync_file(segment)
                heads += [segments.head_of(self._seal, folder.name, found) for found in whole]
                self._seen[segment] = seen + (whole[-1].end if whole else 0)
        return [head for head in heads if head]

    def lost(self) -> Iterator[Lost]:
        """What was set aside, until somebody removes it."""
        for path in sorted((self.root / SET_ASIDE).glob("*")):
            found = next(records_in(path.read_bytes()), None)
            yield Lost(name=path.name, head=segments.head_of(self._seal, path.name.partition("-")[0], found))

    def close(self) -> None:
        """Let another process have what is held."""
        with self._lock:
            self._folders.close()
            self._places.clear()
            self._bytes = 0
            self._segment = None

    def _scan(self, segment: Path) -> Iterator[Place]:
        """The whole records of a file; what is damaged is set aside, what broke off at the end is counted."""
        content, is_empty = segment.read_bytes(), True
        for found in records_in(content):
            if isinstance(found, Damaged) and found.torn:
                self.torn += 1
            elif isinstance(found, Damaged) or not segments.can_be_opened(self._seal, segment.parent, found):
                self._set_aside(segment, found.begin, content[found.begin : found.end])
            else:
                is_empty = False
                length = found.end - found.begin
                yield Place(segment=segment, offset=found.begin, length=length, sequence=found.sequence)
        if is_empty:
            segment.unlink()

    def _set_aside(self, segment: Path, offset: int, content: bytes) -> None:
        name = f"{segment.parent.name}-{segment.stem}-{offset}"
        segments.write_aside(self.root / SET_ASIDE, name, content)

    def _leave(self, folder: Path) -> None:
        """Remove a folder taken over from another process once nothing of it is held."""
        with self._lock:
            if folder != self._folders.own and not any(place.segment.parent == folder for place in self._places):
                self._folders.remove(folder)
