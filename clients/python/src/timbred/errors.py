"""What can go wrong, as sentences a person can act on."""

from __future__ import annotations

__all__ = ["DaemonNotFound", "ProtocolError", "TimbreFailed", "TimbredError"]


class TimbredError(Exception):
    """Every error of this package."""


class DaemonNotFound(TimbredError):
    """No daemon listens there, or it does not admit this user."""


class ProtocolError(TimbredError):
    """A line is not what timbred writes."""


class TimbreFailed(TimbredError):
    """The program `timbre` refused or failed; `status` is its exit status, a value of sysexits(3)."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status
