"""What a watch knows, so that it goes on where it was when the connection broke."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime

from schakel import v1

# The server tells the changes of five minutes again; nobody sees more than this in that time.
REMEMBERED = 10_000


class CaseNews:
    """Which changes of cases were told, and which was the last."""

    def __init__(self, case: str, after: str) -> None:
        self._request = v1.WatchCasesRequest(case=case, after=after)
        self._told: OrderedDict[str, None] = OrderedDict()

    def request(self) -> v1.WatchCasesRequest:
        """From where it is now."""
        return self._request

    def is_news(self, change: v1.CaseChange) -> bool:
        """Whether it was not told before."""
        if change.name in self._told:
            return False
        self._told[change.name] = None
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        self._request.after = change.name
        return True


State = tuple[str, int]


def state(meeting: v1.Consultation) -> State:
    """Differs after every change."""
    return meeting.etag, meeting.update_time.ToNanoseconds()


class MeetingNews:
    """How meetings stood when they were last seen, and which of that was told."""

    def __init__(self, case: str, after_time: datetime | None) -> None:
        self._case = case
        self._after = after_time
        self._seen: dict[str, State] = {}
        self._told: dict[str, State] = {}
        self._began = False

    def request(self) -> v1.WatchConsultationsRequest:
        return v1.WatchConsultationsRequest(case=self._case)

    def listing(self) -> v1.ListConsultationsRequest:
        """What stands now: asked once the stream is open, so that nothing falls between."""
        return v1.ListConsultationsRequest(
            case=self._case, after_time=self._after, show_cancelled=True, page_size=200
        )

    def missed(self, meetings: list[v1.Consultation]) -> list[v1.Consultation]:
        """What changed while nobody watched; nothing the first time."""
        changed = [it for it in meetings if self._seen.get(it.name) != state(it)]
        self._seen.update((it.name, state(it)) for it in changed)
        if not self._began:
            self._began = True
            return []
        self._told.update((it.name, state(it)) for it in changed)
        return changed

    def is_news(self, meeting: v1.Consultation) -> bool:
        """Whether this state of it was not told before."""
        now = state(meeting)
        before = self._told.get(meeting.name)
        self._seen[meeting.name] = self._told[meeting.name] = now
        return before != now
