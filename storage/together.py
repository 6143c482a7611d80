"""Writes that wait for the one writer of SQLite share its next commit, and so one fsync."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlmodel import Session

T = TypeVar("T")
AT_ONCE = 64
Step = Callable[[Session], Any]
Outcome = tuple[Any, BaseException | None]


class Together:
    """Runs steps in order in one thread. A step that raises is undone alone; if the commit fails, all of it failed.

    A step may be run twice, the first time for nothing: what it does beside the database must bear that.

    ``transaction`` opens a writing session and commits it at the end of its block. A result is given only once the
    commit that made it durable has returned.
    """

    def __init__(self, transaction: Callable[[], AbstractContextManager[Session]]) -> None:
        self._transaction = transaction
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._lock = threading.Lock()
        self._waiting: list[tuple[Step, Future[Any]]] = []

    def submit(self, step: Callable[[Session], T]) -> Future[T]:
        """The result of ``step`` once it is durable."""
        future: Future[T] = Future()
        with self._lock:
            self._waiting.append((step, future))
        self._thread.submit(self._next)
        return future

    def shutdown(self) -> None:
        """Commit what waits, then end."""
        self._thread.shutdown()

    def _next(self) -> None:
        with self._lock:
            batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
        begun = [(step, future) for step, future in batch if future.set_running_or_notify_cancel()]
        if not begun:
            return
        for (_, future), (result, error) in zip(begun, self._outcomes([step for step, _ in begun]), strict=True):
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

    def _outcomes(self, steps: Sequence[Step]) -> Sequence[Outcome]:
        """Nearly always none fails, so at first none is fenced off from the others; if one fails, all begin again."""
        try:
            with self._transaction() as session:
                return [_one_of_many(session, step) for step in steps]
        except _StepFailed as failed:
            return [(None, failed.error)] if len(steps) == 1 else self._each_alone(steps)
        except BaseException as error:
            return [(None, error)] * len(steps)

    def _each_alone(self, steps: Sequence[Step]) -> Sequence[Outcome]:
        try:
            with self._transaction() as session:
                return [_alone(session, step) for step in steps]
        except BaseException as error:
            return [(None, error)] * len(steps)


class _StepFailed(Exception):
    """One of the steps, not the commit."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


def _one_of_many(session: Session, step: Step) -> Outcome:
    """What a step did is written before the next begins, and no row of it is shared."""
    try:
        result = step(session)
        session.flush()
    except Exception as error:
        raise _StepFailed(error) from error
    session.expunge_all()
    return result, None


def _alone(session: Session, step: Step) -> Outcome:
    """One step within the commit of several: what it did is kept or undone by itself, and nothing of it is shared."""
    failure: Exception | None = None
    try:
        with session.begin_nested():
            try:
                return step(session), None
            except Exception as error:
                failure = error
                raise
    except Exception as error:
        if not has_open_transaction(session.connection()):
            raise failure or error from None
        return None, failure or error
    finally:
        session.expunge_all()


def has_open_transaction(connection: Connection) -> bool:
    """Whether SQLite still holds what was written: a full disk or a failed read makes it undo all of it unasked.

    Nobody else learns of that: the layers above believe the transaction open, and the driver's commit of none is no
    error. See "Response To Errors Within A Transaction" in SQLite's "Transaction" chapter.
    """
    driver: Any = connection.connection.dbapi_connection
    return bool(driver.in_transaction)
