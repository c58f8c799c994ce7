"""The errors of this package; their messages include the remedy."""

from __future__ import annotations

__all__ = ["DaemonNotFound", "ProtocolError", "TimbreFailed", "TimbredError"]


class TimbredError(Exception):
    """Base class of the errors of this package."""


class DaemonNotFound(TimbredError):
    """No daemon listens on the socket, or this user has no permission to connect."""


class ProtocolError(TimbredError):
    """A line is not valid in the protocol of timbred."""


class TimbreFailed(TimbredError):
    """The program `timbre` refused or failed; `status` is its exit status, a value of sysexits(3)."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status
