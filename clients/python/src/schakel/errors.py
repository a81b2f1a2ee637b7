"""A refusal of the server, in the words of people and with the names of programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2

_DETAILS = "grpc-status-details-bin"


@dataclass(frozen=True)
class FieldViolation:
    """One field that is not right."""

    field: str
    """Its path in the request, for example `consultation.participants[0].person`."""
    reason: str
    """For example `FIELD_REQUIRED`."""
    description: str
    """What to do about it, in the caller's language."""


@dataclass(eq=False)
class SchakelError(Exception):
    """Why the server did not do it."""

    code: grpc.StatusCode
    message: str
    """What was wrong and what to do, in the caller's language."""
    reason: str = ""
    """For example `TIME_CONFLICT`; empty when what answered is no Schakel server."""
    domain: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    """What belongs to the reason, for example `next_free_times`."""
    violations: tuple[FieldViolation, ...] = ()
    """The fields that are not right, all of them."""
    retry_after: float | None = None
    """After how many seconds the same request may be sent again, when the server says so."""
    request_id: str = ""
    """Of the change that was asked for. Sent again with this one, it still happens once."""

    @property
    def name(self) -> str:
        """The reason, or the gRPC code where there is none."""
        return self.reason or self.code.name

    @property
    def passing(self) -> bool:
        """Whether the same request may well succeed a little later."""
        if self.code == grpc.StatusCode.UNAVAILABLE:
            return True
        if self.code == grpc.StatusCode.ABORTED:
            # What changed since it was read has to be read again first.
            return self.reason != "ETAG_MISMATCH"
        return self.code == grpc.StatusCode.RESOURCE_EXHAUSTED and self.retry_after is not None

    @property
    def broken(self) -> bool:
        """Whether the connection broke, or the server went, while it was telling something."""
        cut = {grpc.StatusCode.INTERNAL, grpc.StatusCode.UNKNOWN, grpc.StatusCode.CANCELLED}
        return self.passing or (not self.reason and self.code in cut)

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.message}"]
        lines += [f"  {it.field}: {it.reason}. {it.description}" for it in self.violations]
        lines += [f"  {name}: {value}" for name, value in sorted(self.metadata.items())]
        return "\n".join(lines)

    @classmethod
    def of(cls, error: Any, request_id: str = "") -> SchakelError:
        """From what grpcio raised, in either of its kinds."""
        found = cls(error.code(), error.details() or "", request_id=request_id)
        raw = next((value for key, value in error.trailing_metadata() or () if key == _DETAILS), None)
        if raw is None:
            return found
        for detail in status_pb2.Status.FromString(raw).details:
            info = error_details_pb2.ErrorInfo()
            bad = error_details_pb2.BadRequest()
            retry = error_details_pb2.RetryInfo()
            if detail.Unpack(info):
                found.reason, found.domain = info.reason, info.domain
                found.metadata = dict(info.metadata)
            elif detail.Unpack(bad):
                found.violations = tuple(
                    FieldViolation(it.field, it.reason, it.description) for it in bad.field_violations
                )
            elif detail.Unpack(retry):
                found.retry_after = retry.retry_delay.ToTimedelta().total_seconds()
        return found
