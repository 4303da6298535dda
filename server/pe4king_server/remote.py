"""Documents of other hosts that `$ref`s name: off, unless the user lists the hosts.

The list comes from the environment variable PE4KING_REMOTE_REFERENCES (`host1,host2:8443`) and
the command line. It is no setting of the editor: those may come with a workspace that the user
only opened, and a document could then make this machine call any host.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from pe4king_core.model.message import Message
from pe4king_server.settings import SettingsError

VARIABLE = "PE4KING_REMOTE_REFERENCES"
RETRY_AFTER = 60.0
"""Seconds for which a failure is believed."""
MAX_TEXTS = 500
MAX_CHARACTERS = 100_000_000

_UNREACHABLE = frozenset({"fetch-timeout", "fetch-failed"})


@dataclass(frozen=True, slots=True)
class _Failure:
    reason: Message
    until: float


class RemoteTexts:
    """Texts of listed hosts, each fetched once; failures are tried again after a while."""

    def __init__(
        self,
        hosts: Iterable[str] = (),
        *,
        clock: Callable[[], float] = time.monotonic,
        timeout: float | None = None,
    ) -> None:
        self._hosts = frozenset(hosts)
        self._clock = clock
        self._timeout = timeout
        self._texts: dict[str, tuple[str, str]] = {}
        self._characters = 0
        self._failures: dict[str, _Failure] = {}
        self._silent: dict[str, _Failure] = {}

    @classmethod
    def allowed(
        cls, hosts: Iterable[str] = (), environment: Mapping[str, str] = os.environ
    ) -> RemoteTexts:
        """For `hosts` (of the command line) and those of the environment. Raises SettingsError."""
        listed = [entry.strip() for entry in environment.get(VARIABLE, "").split(",")]
        entries = [entry for entry in (*hosts, *listed) if entry]
        if not entries:
            return cls()
        from pe4king_adapter.transport.fetch import is_host

        for entry in entries:
            if not is_host(entry):
                raise SettingsError(
                    Message(
                        f"{entry!r} is no host that documents may be read from.",
                        f"{entry!r} не годится как узел, с которого можно читать документы.",
                    ),
                    next_step=Message(
                        f"Write host or host:port in {VARIABLE} or --allow-host.",
                        f"Укажите host или host:port в {VARIABLE} или --allow-host.",
                    ),
                )
        return cls(entries)

    def fetch(self, url: str) -> tuple[str, str] | Message | None:
        """Final address and text of `url`; why it cannot be had; None: not a listed host."""
        from pe4king_adapter.transport.fetch import is_listed

        if not self._hosts or not is_listed(url, self._hosts):
            return None
        known = self._texts.get(url)
        if known is not None:
            return known
        host = urlsplit(url).netloc
        for failure in (self._failures.get(url), self._silent.get(host)):
            if failure is not None and self._clock() < failure.until:
                return failure.reason
        return self._ask(url, host)

    def is_stale(self, url: str) -> bool:
        """Whether asking for `url` again could give something else."""
        failures = (self._failures.get(url), self._silent.get(urlsplit(url).netloc))
        failed = [failure for failure in failures if failure is not None]
        return bool(failed) and all(self._clock() >= failure.until for failure in failed)

    def _ask(self, url: str, host: str) -> tuple[str, str] | Message:
        from pe4king_adapter.errors import FetchError
        from pe4king_adapter.transport.fetch import TIMEOUT, fetch_text

        try:
            fetched = fetch_text(url, self._hosts, timeout=self._timeout or TIMEOUT)
        except FetchError as error:
            failure = _Failure(error.message, self._clock() + RETRY_AFTER)
            self._failures[url] = failure
            # A document may name a thousand files of a host that does not answer.
            if error.code in _UNREACHABLE:
                self._silent[host] = failure
            return error.message
        self._failures.pop(url, None)
        self._silent.pop(host, None)
        if len(self._texts) >= MAX_TEXTS or self._characters + len(fetched.text) > MAX_CHARACTERS:
            self._texts.clear()
            self._characters = 0
        self._characters += len(fetched.text)
        self._texts[url] = (fetched.url, fetched.text)
        return fetched.url, fetched.text
