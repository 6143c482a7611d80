"""Sealed files named by the sha256 of what is in them; durable before any row points at them."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol
from urllib.parse import urlsplit

from storage.columns import new_id
from storage.sealed_pieces import MAGIC, PIECE, PiecesFile, pieces
from storage.sealing import Seal, SealBroken, sync_file, sync_folder

NAME = re.compile(r"[0-9a-f]{64}")


class BlobMissing(Exception):
    """A row points at a file that is not there."""


class BlobsAway(OSError):
    """The store of sealed files cannot be reached or refuses now: as with a full disk, later may be better."""


class Blobs(Protocol):
    """Where sealed files live. All methods block: call them in a thread; OSError when they cannot be had now."""

    def put(self, content: bytes) -> str:
        """Keep ``content`` durably, once; returns its sha256 (64 hex digits)."""

    def take(self, file: Path, sha256: str) -> None:
        """Keep a sealed file of pieces that is durable already, as this sha256; it is no longer where it was."""

    def get(self, sha256: str) -> bytes:
        """The plain bytes, checked; raises ``BlobMissing`` or ``SealBroken``."""

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """The same a piece at a time, each checked before it is given."""

    def names(self) -> Iterator[str]:
        """Every file there is."""


class FileBlobs:
    """A folder: ``ab/abcdef…``; written aside, fsync'd, renamed, and the folder fsync'd."""

    def __init__(self, root: Path, seal: Seal) -> None:
        self.root, self._seal = root, seal

    def put(self, content: bytes) -> str:
        """Keep the bytes; a file that is already there and whole is left as it is."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if path.exists() and self._is_whole(sha256):
            sync_folder(path.parent)
            return sha256
        aside = self._aside(path)
        if len(content) > PIECE:
            _write_in_pieces(aside, self._seal, content)
        else:
            _write(aside, self._seal.close(content, f"blob:{sha256}"))
        self._set(aside, path)
        return sha256

    def take(self, file: Path, sha256: str) -> None:
        """By its new name, or copied where it comes from another disk."""
        path = self._path(sha256)
        aside = self._aside(path)
        shutil.move(file, aside)
        sync_file(aside)
        self._set(aside, path)

    def get(self, sha256: str) -> bytes:
        """The plain bytes, their hash checked."""
        with self._opened(sha256) as file:
            return _checked(self._seal, file, sha256)

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """A piece at a time; what was sealed in one piece comes in one."""
        with self._opened(sha256) as file:
            yield from _pieces(self._seal, file, sha256)

    def names(self) -> Iterator[str]:
        """Every whole file's name."""
        return (path.name for path in self.root.glob("??/*") if NAME.fullmatch(path.name))

    def _opened(self, sha256: str) -> BinaryIO:
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError as error:
            raise BlobMissing(sha256[:12]) from error

    def _aside(self, path: Path) -> Path:
        """Where it is written before anybody can see it."""
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            sync_folder(self.root)
        return path.with_name(f".{new_id()}")

    def _set(self, aside: Path, path: Path) -> None:
        aside.rename(path)
        sync_folder(path.parent)

    def _is_whole(self, sha256: str) -> bool:
        try:
            digest = hashlib.sha256()
            for piece in self.pieces(sha256):
                digest.update(piece)
        except (BlobMissing, SealBroken):
            return False
        return digest.hexdigest() == sha256

    def _path(self, sha256: str) -> Path:
        if not NAME.fullmatch(sha256):
            raise BlobMissing("not a sha256")
        return self.root / sha256[:2] / sha256


class S3Blobs:
    """A bucket with any S3 endpoint; the service answers a PUT only once it is durable."""

    def __init__(self, client: Any, bucket: str, prefix: str, seal: Seal) -> None:
        self._client, self._bucket, self._prefix, self._seal = client, bucket, prefix, seal

    def put(self, content: bytes) -> str:
        """Keep the bytes under their hash."""
        sha256 = hashlib.sha256(content).hexdigest()
        sealed = self._seal.close(content, f"blob:{sha256}")
        with _answering():
            self._client.put_object(Bucket=self._bucket, Key=self._prefix + sha256, Body=sealed)
        return sha256

    def take(self, file: Path, sha256: str) -> None:
        """Sent as it is, and then gone from where it was."""
        with file.open("rb") as body, _answering():
            self._client.put_object(Bucket=self._bucket, Key=self._prefix + sha256, Body=body)
        file.unlink(missing_ok=True)

    def get(self, sha256: str) -> bytes:
        """The plain bytes, their hash checked."""
        return _checked(self._seal, self._fetched(sha256), sha256)

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """A piece at a time, once all of the sealed bytes are here."""
        yield from _pieces(self._seal, self._fetched(sha256), sha256)

    def names(self) -> Iterator[str]:
        """Every object under the prefix."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
        for page in pages:
            yield from (item["Key"][len(self._prefix) :] for item in page.get("Contents", []))

    def _fetched(self, sha256: str) -> BinaryIO:
        try:
            with _answering():
                return io.BytesIO(
                    self._client.get_object(Bucket=self._bucket, Key=self._prefix + sha256)["Body"].read()
                )
        except self._client.exceptions.NoSuchKey as error:
            raise BlobMissing(sha256[:12]) from error


@contextmanager
def _answering() -> Iterator[None]:
    """Around a request to the store; its own words may hold keys of accounts and are not passed on."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "NoSuchKey":
            raise
        raise BlobsAway(error.response.get("Error", {}).get("Code", "refused")) from None
    except BotoCoreError as error:
        raise BlobsAway(type(error).__name__) from None


def open_blobs(url: str, seal: Seal) -> Blobs:
    """``file:///folder`` or ``s3://bucket/prefix``; raises ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        root = Path(parts.path)
        root.mkdir(parents=True, exist_ok=True)
        return FileBlobs(root, seal)
    if parts.scheme == "s3" and parts.netloc:
        import boto3
        from botocore.config import Config

        patience = Config(connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 2})
        prefix = parts.path.strip("/")
        return S3Blobs(boto3.client("s3", config=patience), parts.netloc, f"{prefix}/" if prefix else "", seal)
    raise ValueError("FRONTDOOR_BLOBS_URL must begin with file:// or s3://")


def _checked(seal: Seal, file: BinaryIO, sha256: str) -> bytes:
    whole, digest = io.BytesIO(), hashlib.sha256()
    for piece in _pieces(seal, file, sha256):
        digest.update(piece)
        whole.write(piece)
    if digest.hexdigest() != sha256:
        raise SealBroken("blob")
    return whole.getvalue()


def _pieces(seal: Seal, file: BinaryIO, sha256: str) -> Iterator[bytes]:
    is_in_pieces = file.read(len(MAGIC)) == MAGIC  # a file of one piece begins with a random nonce
    file.seek(0)
    if is_in_pieces:
        yield from pieces(file, seal, sha256)
    else:
        yield seal.open(file.read(), f"blob:{sha256}")


def _write(path: Path, sealed: bytes) -> None:
    """Durably, or not at all: a full disk is not filled with what it took a part of."""
    try:
        with path.open("wb") as file:
            file.write(sealed)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _write_in_pieces(path: Path, seal: Seal, content: bytes) -> None:
    """So that what is large does not lie in memory a second time, sealed."""
    file, whole = PiecesFile(path, seal), memoryview(content)
    try:
        for begin in range(0, len(content), PIECE):
            file.write(whole[begin : begin + PIECE])
        file.finish()
    except OSError:
        file.abandon()
        raise
