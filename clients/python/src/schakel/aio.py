"""The client that is awaited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from datetime import datetime
from types import TracebackType
from typing import Any, Self

import grpc

from schakel import v1
from schakel.calling import A, Attempts, Method, Q, identified
from schakel.errors import SchakelError
from schakel.retry import Patience, Retry
from schakel.settings import CHANNEL, AsyncToken, File, Profile, Settings, Tls
from schakel.v1 import methods
from schakel.v1.aio import Services
from schakel.watch import CaseNews, MeetingNews


class _Calls:
    """Puts the caller's headers on every call, and sends again what may be."""

    def __init__(self, settings: Settings, token: AsyncToken | None) -> None:
        self._settings = settings
        self._token = token
        settings.headers(token if isinstance(token, str) else None)
        target, secure = settings.target()
        if secure:
            credentials = (settings.tls or Tls()).credentials()
            self.channel = grpc.aio.secure_channel(target, credentials, options=CHANNEL)
        else:
            self.channel = grpc.aio.insecure_channel(target, options=CHANNEL)
        self.retry = settings.retry

    async def _headers(self) -> tuple[tuple[str, str | bytes], ...]:
        token = self._token() if callable(self._token) else self._token
        return self._settings.headers(token if token is None or isinstance(token, str) else await token)

    def _attempts(self, method: Method[Any, Any], timeout: float | None) -> Attempts:
        return Attempts(method, self.retry, self._settings.timeout if timeout is None else timeout)

    async def _wait(self, attempts: Attempts, error: SchakelError) -> None:
        await asyncio.sleep(attempts.wait(error, callable(self._token)))

    async def unary(self, method: Method[Q, A], request: Q, timeout: float | None) -> A:
        request, request_id = identified(method, request)
        attempts = self._attempts(method, timeout)
        call = self.channel.unary_unary(
            method.path, method.request.SerializeToString, method.answer.FromString
        )
        while True:
            try:
                answer: A = await call(request, timeout=attempts.left(), metadata=await self._headers())
                return answer
            except grpc.RpcError as error:
                problem = SchakelError.of(error, request_id)
            await self._wait(attempts, problem)

    async def open(self, method: Method[Q, A], request: Q, timeout: float | None = None) -> Any:
        """A stream of answers that can be cancelled."""
        call = self.channel.unary_stream(
            method.path, method.request.SerializeToString, method.answer.FromString
        )
        return call(request, timeout=timeout, metadata=await self._headers())

    async def stream(self, method: Method[Q, A], request: Q, timeout: float | None) -> AsyncIterator[A]:
        """Ends with its deadline, when one is given. Once something was told, it is not begun again."""
        attempts = self._attempts(method, timeout)
        while True:
            call = await self.open(method, request, None if timeout is None else attempts.left())
            told = False
            try:
                async for answer in call:
                    told = True
                    yield answer
                return
            except grpc.RpcError as error:
                problem = SchakelError.of(error)
            finally:
                call.cancel()
            if told:
                raise problem
            await self._wait(attempts, problem)

    async def upload(
        self, method: Method[Q, A], requests: Iterable[Q] | AsyncIterable[Q], timeout: float | None
    ) -> A:
        """Sent once: what was read cannot be read again."""
        call = self.channel.stream_unary(
            method.path, method.request.SerializeToString, method.answer.FromString
        )
        left = self._settings.timeout if timeout is None else timeout
        first = None

        async def sent() -> AsyncIterator[Q]:
            nonlocal first
            async for request in _each(requests):
                if first is None:
                    request, first = identified(method, request)
                yield request

        try:
            answer: A = await call(sent(), timeout=left, metadata=await self._headers())
            return answer
        except grpc.RpcError as error:
            raise SchakelError.of(error, first or "") from error


async def _each(requests: Iterable[Q] | AsyncIterable[Q]) -> AsyncIterator[Q]:
    if isinstance(requests, AsyncIterable):
        async for request in requests:
            yield request
    else:
        for request in requests:
            yield request


class Client(Services):
    """As `schakel.Client`, awaited; belongs to the event loop in which it was made.

    `token` may be a function, also an async one, that is asked before every call, and once more when
    the server does not accept what it gave.
    """

    def __init__(
        self,
        address: str,
        token: AsyncToken | None = None,
        *,
        acting_for: str = "",
        on_behalf_of: str = "",
        purpose: str = "",
        language: str = "",
        tls: Tls | None = None,
        timeout: float = 60.0,
        retry: Retry = Retry(),
    ) -> None:
        settings = Settings(address, acting_for, on_behalf_of, purpose, language, tls, timeout, retry)
        self._calls = _Calls(settings, token)
        super().__init__(self._calls)

    @classmethod
    def from_profile(cls, file: File, person: str = "", **settings: Any) -> Self:
        """As this person of a profile file, or as its default one."""
        profile = Profile.read(file, person)
        return cls(profile.server, profile.token, acting_for=profile.acting_for, **settings)

    async def close(self) -> None:
        """Ends the connection, and every call that still runs."""
        await self._calls.channel.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def watch_cases(self, *, case: str = "", after: str = "") -> AsyncIterator[v1.CaseChange]:
        """As `schakel.Client.watch_cases`."""
        news, patience = CaseNews(case, after), Patience(self._calls.retry)
        while True:
            problem = None
            call = await self._calls.open(methods.THUISZITTER_WATCH_CASES, news.request())
            try:
                if await call.initial_metadata():
                    patience.opened()
                async for answer in call:
                    if news.is_news(answer.change):
                        yield answer.change
            except grpc.RpcError as error:
                problem = SchakelError.of(error)
            finally:
                call.cancel()
            await asyncio.sleep(patience.pause(problem))

    async def watch_consultations(
        self, *, case: str = "", after_time: datetime | None = None
    ) -> AsyncIterator[v1.Consultation]:
        """As `schakel.Client.watch_consultations`."""
        news, patience = MeetingNews(case, after_time), Patience(self._calls.retry)
        while True:
            problem = None
            call = await self._calls.open(methods.CONSULTATION_WATCH_CONSULTATIONS, news.request())
            try:
                await call.initial_metadata()
                pages = self.consultation.iter_consultations(news.listing())
                for meeting in news.missed([meeting async for meeting in pages]):
                    yield meeting
                patience.opened()
                async for answer in call:
                    if news.is_news(answer.consultation):
                        yield answer.consultation
            except grpc.RpcError as error:
                problem = SchakelError.of(error)
            except SchakelError as error:
                problem = error
            finally:
                call.cancel()
            await asyncio.sleep(patience.pause(problem))
