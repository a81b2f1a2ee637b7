"""Schakel from Python.

import schakel
from schakel import v1

with schakel.Client("https://schakel.example", token) as client:
    print(client.access.who_am_i(v1.WhoAmIRequest()))
"""

from importlib.metadata import version as _version

from schakel import aio, v1
from schakel.client import Client
from schakel.errors import FieldViolation, SchakelError
from schakel.retry import Retry
from schakel.settings import Profile, Tls

__all__ = ["Client", "FieldViolation", "Profile", "Retry", "SchakelError", "Tls", "aio", "v1"]
__version__ = _version("schakel")
