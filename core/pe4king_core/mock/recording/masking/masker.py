"""Exchanges as they may be written to a file: nothing secret, nothing personal."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from pe4king_core.mock.exchange import Answer, Sent
from pe4king_core.mock.recording.masking.bodies import Bodies
from pe4king_core.mock.recording.masking.names import Names
from pe4king_core.mock.recording.masking.parts import masked_headers, masked_target
from pe4king_core.mock.recording.masking.replacing import Replacements
from pe4king_core.mock.recording.masking.texts import Texts
from pe4king_core.mock.recording.media import is_text, plain_type
from pe4king_core.mock.recording.recorded import Recorded

PathParameters = Callable[[Sent], Mapping[str, str]]
"""The parameters in the path of a request as they were sent, by name."""

_LAST_WORD = re.compile(r"[^\s,;&<>{}\[\]]{1,4096}\Z")


class Masker:
    """Masks the exchanges of one recording, in their order; not thread-safe.

    `key` stands in no recording. The same key gives the same replacements, so that what one
    answer gives and a later request takes is still the same.
    """

    def __init__(
        self,
        key: bytes,
        *,
        names: Iterable[str] = (),
        kept: Iterable[str] = (),
        parameters: PathParameters | None = None,
    ) -> None:
        self._texts = Texts(Replacements(key), Names(names, kept))
        self._bodies = Bodies(self._texts)
        self._parameters = parameters

    def masked(self, recorded: Recorded) -> Recorded:
        """`recorded` without what is secret."""
        # What is named a secret in one place may stand without a name in an earlier one.
        self._masked(recorded)
        return self._masked(recorded)

    def target(self, sent: Sent) -> str:
        """The target of a request."""
        parameters = self._parameters(sent) if self._parameters is not None else None
        return masked_target(self._texts, sent.target, parameters)

    def _masked(self, recorded: Recorded) -> Recorded:
        sent, answer = recorded.sent, recorded.answer
        headers = masked_headers(self._texts, sent.headers)
        body = self._body(sent.body, sent.header("content-type"), recorded.request_size)
        given = masked_headers(self._texts, answer.headers)
        content = self._body(answer.body, answer.header("content-type"), recorded.answer_size)
        return replace(
            recorded,
            sent=Sent(sent.method, self.target(sent), headers, body),
            answer=Answer(answer.status, given, content),
        )

    def _body(self, content: bytes, content_type: str | None, size: int | None) -> bytes:
        kind = content_type or ""
        if size is not None:
            content = _whole_words(content, kind)
        return self._bodies.masked(content, kind)


def _whole_words(content: bytes, content_type: str) -> bytes:
    """A body that was cut, up to its last whole word: half a secret is not recognised."""
    if not content_type or not is_text(plain_type(content_type)):
        return content
    text = content.decode("utf-8", "ignore")
    return _LAST_WORD.sub("", text).encode()
