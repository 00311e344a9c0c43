"""What can go wrong on the wire, in the three kinds that decide what may happen next."""


class TransportError(Exception):
    """A call that ended without an answer to read."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ConnectFailed(TransportError):
    """Proven not sent: no byte of the request was written."""


class AnswerLost(TransportError):
    """The request may have been handled; `reason` is a reason of Unknown, `code` says more."""

    def __init__(self, reason: str, code: str | None = None) -> None:
        super().__init__(reason)
        self.code = code


class TooManyRequests(TransportError):
    """Answered 429; `retry_after` in seconds where the header told."""

    def __init__(self, retry_after: float | None, code: str = "429") -> None:
        super().__init__("rate_limited")
        self.retry_after = retry_after
        self.code = code


class ProvidersFileError(Exception):
    """The providers file can't be used; `problems` has one line each, with the path of its key."""

    def __init__(self, file: str, problems: list[str]) -> None:
        super().__init__("\n".join(f"{file}: {problem}" for problem in problems))
        self.file = file
        self.problems = problems
