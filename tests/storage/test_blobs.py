"""Sealed files, in a folder and at a store that speaks S3: kept once, checked, and honest about what is away."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.config import Config
from sqlmodel import select

from gateway.core import Core
from gateway.intake import Intake
from storage.blobs import BlobMissing, BlobsAway, FileBlobs, S3Blobs
from storage.message import Message
from storage.sealed_pieces import MAGIC, PiecesFile
from storage.sealing import Seal, SealBroken
from tests.builders import a_message
from tests.full_disk import files_no_longer_than

BODY = b"%PDF-1.7 a letter"


class Shop(ThreadingHTTPServer):
    """A store of objects that answers PUT, GET and the second kind of list, two names a page."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Counter)
        self.objects: dict[str, bytes] = {}
        self.is_away = False


class Counter(BaseHTTPRequestHandler):
    """One request at the shop's counter."""

    server: Shop
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("x-amz-decoded-content-length"):
            size, _, rest = content.partition(b"\r\n")
            content = rest[: int(size.split(b";")[0], 16)]
        if not self.server.is_away:
            self.server.objects[urlsplit(self.path).path] = content
        self._answer(503 if self.server.is_away else 200)

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if self.server.is_away:
            self._answer(503)
        elif "list-type" in asked.query:
            self._list(asked.path.rstrip("/"), parse_qs(asked.query))
        elif asked.path in self.server.objects:
            self._answer(200, self.server.objects[asked.path])
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def _list(self, bucket: str, asked: dict[str, list[str]]) -> None:
        prefix, after = asked.get("prefix", [""])[0], asked.get("continuation-token", [""])[0]
        keys = sorted(path.removeprefix(f"{bucket}/") for path in self.server.objects)
        found = [key for key in keys if key.startswith(prefix) and key > after]
        more = f"<NextContinuationToken>{found[1]}</NextContinuationToken>" if len(found) > 2 else ""
        items = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in found[:2])
        said = f"<IsTruncated>{str(bool(more)).lower()}</IsTruncated>{items}{more}"
        self._answer(200, f"<ListBucketResult>{said}</ListBucketResult>".encode())

    def _answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def shop() -> Iterator[Shop]:
    opened = Shop()
    serving = threading.Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    yield opened
    opened.shutdown()
    serving.join()
    opened.server_close()


@pytest.fixture
def far(shop: Shop, seal: Seal) -> Iterator[S3Blobs]:
    client = boto3.client(
        "s3", endpoint_url=f"http://127.0.0.1:{shop.server_port}", region_name="x", aws_access_key_id="a",
        aws_secret_access_key="b", config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
    )  # fmt: skip
    yield S3Blobs(client, "council", "sealed/", seal)
    client.close()


@pytest.fixture
def near(tmp_path: Path, seal: Seal) -> FileBlobs:
    return FileBlobs(tmp_path, seal)


def test_what_is_put_far_away_comes_back_and_lies_there_sealed(far: S3Blobs, shop: Shop) -> None:
    names = sorted(far.put(body) for body in (BODY, b"two", b"three"))
    assert far.get(names[0]) in (BODY, b"two", b"three")
    assert sorted(far.names()) == names
    assert all(re.fullmatch(r"/council/sealed/[0-9a-f]{64}", path) for path in shop.objects)
    assert not any(BODY in content for content in shop.objects.values())


def test_what_is_not_there_or_was_swapped_is_told_apart(far: S3Blobs, shop: Shop) -> None:
    one, two = far.put(BODY), far.put(b"two")
    with pytest.raises(BlobMissing):
        far.get("0" * 64)
    shop.objects[f"/council/sealed/{one}"] = shop.objects[f"/council/sealed/{two}"]
    with pytest.raises(SealBroken):
        far.get(one)


def test_a_store_that_is_away_is_neither_missing_nor_broken(far: S3Blobs, shop: Shop) -> None:
    name = far.put(BODY)
    shop.is_away = True
    with pytest.raises(BlobsAway):
        far.put(BODY)
    with pytest.raises(BlobsAway):
        far.get(name)


async def test_a_large_message_is_kept_with_its_row_while_the_store_is_away(
    core: Core, far: S3Blobs, shop: Shop, tmp_path: Path
) -> None:
    shop.is_away = True
    body = b"x" * 200_000
    intake = Intake(database=core.database, blobs=far, seal=core.seal, clock=core.clock, folder=tmp_path)
    await intake.accept(a_message(body))
    with core.database.reading() as session:
        assert core.contents.of_message(session, session.exec(select(Message)).one()) == body
    assert shop.objects == {}


@pytest.mark.parametrize("damage", [b"", b"half of it"])
def test_a_file_that_broke_on_the_disk_is_mended_when_its_bytes_come_again(near: FileBlobs, damage: bytes) -> None:
    name = near.put(BODY)
    (near.root / name[:2] / name).write_bytes(damage)
    with pytest.raises(SealBroken):
        near.get(name)
    assert near.put(BODY) == name
    assert near.get(name) == BODY


LARGE = bytes(range(256)) * 4000


def a_file_beside(folder: Path, seal: Seal) -> tuple[Path, str]:
    file = PiecesFile(folder / "beside", seal)
    file.write(LARGE)
    sha256, _ = file.finish()
    return file.path, sha256


@pytest.mark.parametrize("where", ["near", "far"])
def test_what_was_written_beside_the_store_is_taken_as_it_is(
    where: str, request: pytest.FixtureRequest, tmp_path: Path, seal: Seal
) -> None:
    store = request.getfixturevalue(where)
    for _ in range(2):
        path, sha256 = a_file_beside(tmp_path, seal)
        store.take(path, sha256)
        assert not path.exists()
        assert list(store.names()) == [sha256]
        assert store.get(sha256) == b"".join(store.pieces(sha256)) == LARGE
        assert len(list(store.pieces(sha256))) > 1


def test_a_store_that_is_away_leaves_the_file_where_it_was(
    far: S3Blobs, shop: Shop, tmp_path: Path, seal: Seal
) -> None:
    path, sha256 = a_file_beside(tmp_path, seal)
    shop.is_away = True
    with pytest.raises(BlobsAway):
        far.take(path, sha256)
    assert path.exists()


def test_a_large_body_is_put_in_pieces_and_mended_when_it_broke(near: FileBlobs) -> None:
    name = near.put(LARGE)
    file = near.root / name[:2] / name
    assert file.read_bytes().startswith(MAGIC)
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(SealBroken):
        near.get(name)
    assert near.put(LARGE) == name
    assert near.get(name) == LARGE


@pytest.mark.parametrize("body", [BODY * 1000, LARGE], ids=["in one piece", "in pieces"])
def test_a_disk_that_runs_full_keeps_nothing_and_is_left_with_nothing(near: FileBlobs, body: bytes) -> None:
    with files_no_longer_than(len(body) // 2), pytest.raises(OSError):
        near.put(body)
    assert [path for path in near.root.rglob("*") if path.is_file()] == []
    assert near.get(near.put(body)) == body
