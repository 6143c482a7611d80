"""Sealed files named by the sha256 of what is in them; durable before any row points at them."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from storage.columns import new_id
from storage.sealing import Seal, SealBroken, sync_folder

NAME = re.compile(r"[0-9a-f]{64}")


class BlobMissing(Exception):
    """A row points at a file that is not there."""


class BlobsAway(OSError):
    """The store of sealed files cannot be reached or refuses now: as with a full disk, later may be better."""


class Blobs(Protocol):
    """Where sealed files live. All methods block: call them in a thread; OSError when they cannot be had now."""

    def put(self, content: bytes) -> str:
        """Keep ``content`` durably, once; returns its sha256 (64 hex digits)."""

    def get(self, sha256: str) -> bytes:
        """The plain bytes, checked; raises ``BlobMissing`` or ``SealBroken``."""

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
        if not path.parent.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            sync_folder(self.root)
        aside = path.with_name(f".{new_id()}")
        with aside.open("wb") as file:
            file.write(self._seal.close(content, f"blob:{sha256}"))
            file.flush()
            os.fsync(file.fileno())
        aside.rename(path)
        sync_folder(path.parent)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The plain bytes, their hash checked."""
        try:
            sealed = self._path(sha256).read_bytes()
        except FileNotFoundError as error:
            raise BlobMissing(sha256[:12]) from error
        return _checked(self._seal, sealed, sha256)

    def names(self) -> Iterator[str]:
        """Every whole file's name."""
        return (path.name for path in self.root.glob("??/*") if NAME.fullmatch(path.name))

    def _is_whole(self, sha256: str) -> bool:
        try:
            self.get(sha256)
        except (BlobMissing, SealBroken):
            return False
        return True

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

    def get(self, sha256: str) -> bytes:
        """The plain bytes, their hash checked."""
        try:
            with _answering():
                sealed = self._client.get_object(Bucket=self._bucket, Key=self._prefix + sha256)["Body"].read()
        except self._client.exceptions.NoSuchKey as error:
            raise BlobMissing(sha256[:12]) from error
        return _checked(self._seal, sealed, sha256)

    def names(self) -> Iterator[str]:
        """Every object under the prefix."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._prefix)
        for page in pages:
            yield from (item["Key"][len(self._prefix) :] for item in page.get("Contents", []))


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


def _checked(seal: Seal, sealed: bytes, sha256: str) -> bytes:
    content = seal.open(sealed, f"blob:{sha256}")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SealBroken("blob")
    return content
