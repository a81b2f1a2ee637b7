"""Where the server is, who is calling, and whom to trust."""

from __future__ import annotations

import os
import ssl
import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import grpc

from schakel.retry import Retry

File = str | os.PathLike[str]
Token = str | Callable[[], str]
AsyncToken = str | Callable[[], "str | Awaitable[str]"]

# A connection that watches stays open through firewalls; one that broke is soon tried again.
CHANNEL = (
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 5_000),
    ("grpc.primary_user_agent", "schakel-python"),
)


@dataclass(frozen=True)
class Tls:
    """Files in PEM. Without `ca`, what this system trusts is trusted."""

    ca: File | None = None
    certificate: File | None = None
    """Of this client, with the chain after it."""
    key: File | None = None

    def credentials(self) -> grpc.ChannelCredentials:
        trusted = _read(self.ca) if self.ca is not None else system_roots()
        return grpc.ssl_channel_credentials(trusted, _read(self.key), _read(self.certificate))


@dataclass(frozen=True)
class Settings:
    """What a client knows of its caller. The token is kept apart."""

    address: str
    acting_for: str = ""
    on_behalf_of: str = ""
    purpose: str = ""
    language: str = ""
    tls: Tls | None = None
    timeout: float = 60.0
    retry: Retry = field(default_factory=Retry)

    def target(self) -> tuple[str, bool]:
        """`host:port`, and whether over TLS."""
        scheme, _, host = self.address.rstrip("/").partition("://")
        if scheme not in ("http", "https") or not host or "/" in host:
            raise ValueError(f"`{self.address}` is not an address such as http://127.0.0.1:8480")
        if scheme == "http" and self.tls is not None:
            raise ValueError("TLS needs an address with https://")
        return host, scheme == "https"

    def headers(self, token: str | None) -> tuple[tuple[str, str | bytes], ...]:
        """What goes with each call."""
        given = [
            ("authorization", "token", f"Bearer {token}" if token else ""),
            ("schakel-acting-for", "organisation acted for", self.acting_for),
            ("schakel-on-behalf-of", "person acted for", self.on_behalf_of),
            ("schakel-purpose", "purpose", self.purpose),
            ("accept-language", "language", self.language),
        ]
        for _, what, value in given:
            if not (value.isascii() and value.isprintable()):
                raise ValueError(f"the {what} holds characters that cannot be sent")
        return tuple((header, value) for header, _, value in given if value)


@dataclass(frozen=True)
class Profile:
    """A person of a profile file, as `schakel demo` and `schakelctl` keep them."""

    server: str
    token: str = field(repr=False)
    acting_for: str
    names: dict[str, str]
    """Handy names, such as `names["school"]`."""

    @classmethod
    def read(cls, file: File, person: str = "") -> Profile:
        """This person of the file, or its default one."""
        book = tomllib.loads(Path(file).read_text())
        people = book.get("people", {})
        found = people.get(person or book.get("default", ""))
        if found is None:
            raise ValueError(f"the profile has no person `{person}`; it has: {', '.join(sorted(people))}")
        server, names = book.get("server", ""), book.get("names", {})
        return cls(server, found["token"], found.get("acting_for", ""), names)


def system_roots() -> bytes | None:
    """The certificate authorities that this system trusts; grpcio's own where they cannot be found."""
    if "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH" in os.environ:
        return None
    found = ssl.create_default_context().get_ca_certs(binary_form=True)
    if found:
        return "".join(map(ssl.DER_cert_to_PEM_cert, found)).encode()
    folder = ssl.get_default_verify_paths().capath
    files = sorted(Path(folder).glob("*.0")) if folder else []
    return b"".join(path.read_bytes() for path in files) or None


def _read(file: File | None) -> bytes | None:
    return None if file is None else Path(file).read_bytes()
