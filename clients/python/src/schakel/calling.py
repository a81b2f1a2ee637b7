"""What a call is: its method, and which requests may be sent again with the same effect."""

from __future__ import annotations

import time
import uuid
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

import grpc
from google.protobuf.message import Message

from schakel.errors import SchakelError
from schakel.retry import Retry

Q = TypeVar("Q", bound=Message)
A = TypeVar("A", bound=Message)


@dataclass(frozen=True)
class Method(Generic[Q, A]):
    """One rpc."""

    path: str
    request: type[Q]
    answer: type[A]
    again: bool
    """Sent twice, it has one effect: it reads, or has a request_id."""
    has_id: bool


class Caller(Protocol):
    """Makes calls, and returns their answers."""

    def unary(self, method: Method[Q, A], request: Q, timeout: float | None) -> A: ...
    def stream(self, method: Method[Q, A], request: Q, timeout: float | None) -> Iterator[A]: ...
    def upload(self, method: Method[Q, A], requests: Iterable[Q], timeout: float | None) -> A: ...


class AsyncCaller(Protocol):
    """The same, awaited."""

    async def unary(self, method: Method[Q, A], request: Q, timeout: float | None) -> A: ...
    def stream(self, method: Method[Q, A], request: Q, timeout: float | None) -> AsyncIterator[A]: ...
    async def upload(
        self, method: Method[Q, A], requests: Iterable[Q] | AsyncIterable[Q], timeout: float | None
    ) -> A: ...


class Attempts:
    """One call over all its attempts: they share a request and a deadline."""

    def __init__(self, method: Method[Any, Any], retry: Retry, timeout: float) -> None:
        self._again = method.again
        self._retry = retry
        self._ends = time.monotonic() + timeout
        self._turn = 0
        self._renewed = False

    def left(self) -> float:
        """Seconds until the deadline."""
        return max(self._ends - time.monotonic(), 0.0)

    def wait(self, error: SchakelError, token_renews: bool) -> float:
        """How long to wait before the next attempt; raises when there is none."""
        if error.code == grpc.StatusCode.UNAUTHENTICATED and token_renews and not self._renewed:
            self._renewed = True
            return 0.0
        wait = self._retry.wait(error, self._turn, self.left()) if self._again else None
        if wait is None:
            raise error
        self._turn += 1
        return wait


def identified(method: Method[Q, A], request: Q) -> tuple[Q, str]:
    """The request with an id of its own, when it has none; what was given stays as it is."""
    if not method.has_id:
        return request, ""
    filled: Any = request
    if not filled.request_id:
        filled = method.request()
        filled.CopyFrom(request)
        filled.request_id = str(uuid.uuid4())
    return filled, filled.request_id
