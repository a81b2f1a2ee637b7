"""When the same request is sent again, and after how long."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from schakel.errors import SchakelError


@dataclass(frozen=True)
class Retry:
    """How often and how patiently. `Retry(times=0)` never sends again."""

    times: int = 3
    """At most so often after the first time."""
    first_wait: float = 0.2
    """Seconds; each next wait may be twice as long."""
    longest_wait: float = 10.0
    """Seconds. A server that asks for more is not waited for."""
    watch_patience: float = 300.0
    """Seconds without a connection after which a watch gives up."""

    def pause(self, turn: int) -> float:
        """How long to wait after failure number `turn`, from 0 on: chance keeps clients apart."""
        wait = min(self.first_wait * 2.0 ** min(turn, 30), self.longest_wait)
        return random.uniform(wait / 2, wait)

    def wait(self, error: SchakelError, turn: int, left: float) -> float | None:
        """How long to wait before the request is sent again; none when it is not."""
        if turn >= self.times or not error.passing:
            return None
        wait = self.pause(turn)
        if error.retry_after is not None:
            if error.retry_after > self.longest_wait:
                return None
            wait += error.retry_after
        return wait if wait < left else None


class Patience:
    """Counts how long a watch has been without its connection."""

    def __init__(self, retry: Retry) -> None:
        self._retry = retry
        self._since: float | None = None
        self._turn = 0

    def opened(self) -> None:
        """The stream stands again."""
        self._since, self._turn = None, 0

    def pause(self, error: SchakelError | None) -> float:
        """How long to wait before the next try; raises what cannot pass, or lasts too long."""
        now = time.monotonic()
        self._since = self._since or now
        if error and (not error.broken or now - self._since > self._retry.watch_patience):
            raise error
        wait = self._retry.pause(self._turn)
        self._turn += 1
        return wait
