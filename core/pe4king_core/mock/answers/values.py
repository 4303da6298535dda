"""Values for media types, one for each turn, each checked as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from pe4king_core.generation.requests.forms import file_text
from pe4king_core.generation.samples.sample_arrays import weight
from pe4king_core.mock.answers.coherence import coherent
from pe4king_core.mock.answers.edits import Edit, applied, plain
from pe4king_core.mock.answers.exclusive import of_one_branch
from pe4king_core.mock.answers.kept import Kept
from pe4king_core.mock.answers.owners import owner_of
from pe4king_core.mock.answers.sampled import AnswerSamples
from pe4king_core.mock.answers.variations import Change, Variety, is_allowed_at, mixed, varied
from pe4king_core.model.json import Json
from pe4king_core.model.operation import MediaKind, MediaType
from pe4king_core.model.schema import JsonType
from pe4king_core.openapi.schema.values import Direction, Validity, validity

VARIANTS = 24
"""How many values there are for a media type with one seed."""
_MOST_EXAMPLES = 6
_CHANGES = (
    Change.LEFT_OUT,
    Change.NULL,
    Change.LONGEST,
    Change.EMPTY,
    Change.LOWEST,
    Change.HIGHEST,
    Change.EXTRA,
)
_KEPT = 50_000
"""How many values, those inside of values as well, are kept to be varied."""
_USUAL = 3
_AS_TEXT = (MediaKind.TEXT, MediaKind.BINARY, MediaKind.OTHER, MediaKind.XML)


class Values:
    """Values of one document; the same seed and turn give the same value.

    Turn 0 is the most telling one: the first documented example that is valid, else everything
    that the schema has. Then come the other examples, other choices, in full variety one value
    for each kind of change, and mixtures.
    """

    def __init__(self, seed: int = 1, variety: Variety = Variety.PLAIN) -> None:
        self._variety = variety
        self._later = (seed - 1) * VARIANTS
        self._first = AnswerSamples()
        self._usuals = Kept[tuple[Json, Validity]](_KEPT, lambda kept: weight(kept[0], _KEPT))

    def of(self, media: MediaType, turn: int) -> Json:
        """The value of this turn; valid as far as the schema can be understood."""
        usual, reachable = self._usual(media)
        if reachable is Validity.INVALID:
            return usual
        for candidate in self._candidates(media, turn % VARIANTS):
            if _verdict(candidate, media) in (Validity.VALID, reachable):
                return plain(candidate)
        return usual

    def _candidates(self, media: MediaType, turn: int) -> Iterator[Json]:
        """What to take at this turn, the best first; none where the usual value is to be taken."""
        examples = _examples(media)
        if turn < len(examples):
            yield examples[turn]
        elif turn:
            yield from self._variation(media, turn - max(len(examples), 1))

    def _usual(self, media: MediaType) -> tuple[Json, Validity]:
        """The value for want of a better one, and how valid the values of this type can be."""
        key = (media.pointer, media.name)
        return self._usuals.get(key, lambda: self._most_valid(media))

    def _most_valid(self, media: MediaType) -> tuple[Json, Validity]:
        base = self._whole(media)
        found = [(base, _verdict(base, media))]
        if found[0][1] is not Validity.VALID:
            others = [*_examples(media), self._whole(media, 1)]
            if media.schema is not None:
                others += of_one_branch(media.schema, owner_of(media))
            found += [(plain(other), _verdict(other, media)) for other in others]
        by_verdict = {verdict: (value, verdict) for value, verdict in reversed(found)}
        order = (Validity.VALID, Validity.UNKNOWN, Validity.INVALID)
        return next(by_verdict[verdict] for verdict in order if verdict in by_verdict)

    def _variation(self, media: MediaType, number: int) -> Iterator[Json]:
        """One of the changes, or other choices, two times of three mixed with changes."""
        round_ = self._later + number + 1
        if self._variety is Variety.FULL and 0 < number <= len(_CHANGES):
            base = self._whole(media, round_) if self._later else self._usual(media)[0]
            yield _edited(base, _everywhere(base, media, _CHANGES[number - 1]), media)
            return
        base = self._whole(media, round_)
        if number % 3 and media.schema is not None:
            yield _edited(base, mixed(base, media.schema, round_, self._variety), media)
        yield base

    def _whole(self, media: MediaType, round_: int = 0) -> Json:
        """Everything the schema has, with the choices of a round, in agreement with itself."""
        samples = AnswerSamples(round_) if round_ else self._first
        owner = owner_of(media)
        if media.schema is not None:
            file = _file(media)
            value = samples.of(media.schema, owner=owner) if file is None else file
        elif media.item_schema is not None:
            item = media.item_schema
            value = [AnswerSamples(number).of(item, owner=owner) for number in range(_USUAL)]
        else:
            return file_text(media.name) if media.kind in _AS_TEXT else {}
        return _edited(value, [], media)


def is_valid(value: Json, media: MediaType) -> bool:
    """Whether `value` is not known to be invalid."""
    return _verdict(value, media) is not Validity.INVALID


def _verdict(value: Json, media: MediaType) -> Validity:
    if media.schema is not None:
        return validity(value, media.schema, direction=Direction.RESPONSE)
    if media.item_schema is None or not isinstance(value, list | tuple):
        return Validity.VALID
    found = {validity(item, media.item_schema, direction=Direction.RESPONSE) for item in value}
    worst = (Validity.INVALID, Validity.UNKNOWN)
    return next((verdict for verdict in worst if verdict in found), Validity.VALID)


def _examples(media: MediaType) -> list[Json]:
    """The documented values that are not known to be invalid."""
    valid = (example for example in media.examples[:_MOST_EXAMPLES] if is_valid(example, media))
    return list(valid)


def _file(media: MediaType) -> str | None:
    """A text that looks like a file of this type, where the schema leaves it open."""
    if media.kind not in _AS_TEXT or media.schema is None or media.examples:
        return None
    text = file_text(media.name)
    open_ = media.schema.only_type is JsonType.STRING and not media.schema.examples
    return text if open_ and is_valid(text, media) else None


def _edited(value: Json, edits: list[Edit], media: MediaType) -> Json:
    """`value` with the edits that keep it valid, then made to agree with itself again."""
    sure = _verdict(value, media) is Validity.VALID
    as_good = (Validity.VALID,) if sure else (Validity.VALID, Validity.UNKNOWN)
    made = applied(value, edits, lambda one: _verdict(one, media) in as_good)
    agreed = coherent(made)
    if not sure and media.schema is not None:
        # What is in doubt may be a pattern, which no other text should be tried on.
        agreed = [edit for edit in agreed if is_allowed_at(edit, made, media.schema)]
    return applied(made, agreed, lambda one: _verdict(one, media) in as_good)


def _everywhere(value: Json, media: MediaType, change: Change) -> list[Edit]:
    if media.schema is not None:
        return varied(value, media.schema, change)
    listed = media.item_schema is not None and change is Change.EMPTY
    return [Edit((), [])] if listed else []
