"""The client that waits for its answers."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc
from google.protobuf.message import Message

from schakel import v1
from schakel.calling import A, Attempts, Method, Q, identified
from schakel.errors import SchakelError
from schakel.retry import Patience, Retry
from schakel.settings import CHANNEL, File, Profile, Settings, Tls, Token
from schakel.v1 import methods
from schakel.v1.services import Services
from schakel.watch import CaseNews, MeetingNews

M = TypeVar("M", bound=Message)


class _Calls:
    """Puts the caller's headers on every call, and sends again what may be."""

    def __init__(self, settings: Settings, token: Token | None) -> None:
        self._settings = settings
        self._token = token
        self._headers()
        target, secure = settings.target()
        if secure:
            credentials = (settings.tls or Tls()).credentials()
            self.channel = grpc.secure_channel(target, credentials, options=CHANNEL)
        else:
            self.channel = grpc.insecure_channel(target, options=CHANNEL)
        self.retry = settings.retry

    def _headers(self) -> tuple[tuple[str, str | bytes], ...]:
        return self._settings.headers(self._token() if callable(self._token) else self._token)

    def _attempts(self, method: Method[Any, Any], timeout: float | None) -> Attempts:
        return Attempts(method, self.retry, self._settings.timeout if timeout is None else timeout)

    def _wait(self, attempts: Attempts, error: SchakelError) -> None:
        time.sleep(attempts.wait(error, callable(self._token)))

    def unary(self, method: Method[Q, A], request: Q, timeout: float | None) -> A:
        request, request_id = identified(method, request)
        attempts = self._attempts(method, timeout)
        call = self.channel.unary_unary(
            method.path, method.request.SerializeToString, method.answer.FromString
        )
        while True:
            try:
                return call(request, timeout=attempts.left(), metadata=self._headers())
            except grpc.RpcError as error:
                problem = SchakelError.of(error, request_id)
            self._wait(attempts, problem)

    def open(self, method: Method[Q, A], request: Q, timeout: float | None = None) -> Any:
        """A stream of answers that can be cancelled."""
        call = self.channel.unary_stream(
            method.path, method.request.SerializeToString, method.answer.FromString
        )
        return call(request, timeout=timeout, metadata=self._headers())

    def stream(self, method: Method[Q, A], request: Q, timeout: float | None) -> Iterator[A]:
        """Ends with its deadline, when one is given. Once something was told, it is not begun again."""
        attempts = self._attempts(method, timeout)
        while True:
            call = self.open(method, request, None if timeout is None else attempts.left())
            told = False
            try:
                for answer in call:
                    told = True
                    yield answer
                return
            except grpc.RpcError as error:
                problem = SchakelError.of(error)
            finally:
                call.cancel()
            if told:
                raise problem
            self._wait(attempts, problem)

    def upload(self, method: Method[Q, A], requests: Iterable[Q], timeout: float | None) -> A:
        """Sent once: what was read cannot be read again."""
        call = self.channel.stream_unary(
            method.path, method.request.SerializeToString, method.answer.FromString
        )
        left = self._settings.timeout if timeout is None else timeout
        first = None

        def sent() -> Iterator[Q]:
            nonlocal first
            for request in requests:
                if first is None:
                    request, first = identified(method, request)
                yield request

        try:
            return call(sent(), timeout=left, metadata=self._headers())
        except grpc.RpcError as error:
            raise SchakelError.of(error, first or "") from error


class Client(Services):
    """A connection to a Schakel server; each service is an attribute: `client.consultation`.

    One client serves a whole program, all its threads too. `token` may be a function that is asked
    before every call, and once more when the server does not accept what it gave.
    """

    def __init__(
        self,
        address: str,
        token: Token | None = None,
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

    def close(self) -> None:
        """Ends the connection, and every call that still runs."""
        self._calls.channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def watch_cases(self, *, case: str = "", after: str = "") -> Iterator[v1.CaseChange]:
        """Every change in cases as it comes, over breaks of the connection, each once.

        It goes on after the last change that was told, with what of the five minutes before it was
        not told yet. Until there was one, and without `after`, a break hides what happens in it.
        """
        news, patience = CaseNews(case, after), Patience(self._calls.retry)
        while True:
            problem = None
            call = self._calls.open(methods.THUISZITTER_WATCH_CASES, news.request())
            try:
                if call.initial_metadata():
                    patience.opened()
                for answer in call:
                    if news.is_news(answer.change):
                        yield answer.change
            except grpc.RpcError as error:
                problem = SchakelError.of(error)
            finally:
                call.cancel()
            time.sleep(patience.pause(problem))

    def watch_consultations(
        self, *, case: str = "", after_time: datetime | None = None
    ) -> Iterator[v1.Consultation]:
        """Every change of meetings as it comes, over breaks of the connection.

        After a break the meetings are listed, and those that changed are told as they stand now;
        of those that ended before `after_time`, or by then without one, that is not told.
        """
        news, patience = MeetingNews(case, after_time), Patience(self._calls.retry)
        while True:
            problem = None
            call = self._calls.open(methods.CONSULTATION_WATCH_CONSULTATIONS, news.request())
            try:
                call.initial_metadata()
                yield from news.missed(list(self.consultation.iter_consultations(news.listing())))
                patience.opened()
                for answer in call:
                    if news.is_news(answer.consultation):
                        yield answer.consultation
            except grpc.RpcError as error:
                problem = SchakelError.of(error)
            except SchakelError as error:
                problem = error
            finally:
                call.cancel()
            time.sleep(patience.pause(problem))
