"""How much a case is worth among those of its operation: what a reader would miss first."""

from __future__ import annotations

from enum import IntEnum


class Worth(IntEnum):
    """Classes of cases; a budget keeps the highest."""

    POSITIVE = 1000
    CREATE_THEN_READ = 940
    GONE_AFTER_DELETE = 930
    UPDATE_THEN_READ = 920
    ECHO = 910
    LISTED = 908
    MISSING_CREDENTIALS = 900
    UNKNOWN_ID = 890
    ONLY_REQUIRED = 880
    ASKED = 870
    WRONG_CREDENTIALS = 860
    MISSING_FIELD = 800
    MISSING_BODY = 780
    OUTSIDE_BOUNDS = 760
    OUTSIDE_ENUM = 750
    BOUNDARY = 740
    MALFORMED_BODY = 720
    BAD_FORMAT = 700
    WRONG_TYPE = 660
    EVERY_OPTIONAL = 640
    OUTSIDE_LENGTH = 620
    OUTSIDE_SIZE = 600
    NULL = 560
    UNKNOWN_FIELD = 540
    UNICODE = 520
    ENUM_VALUE = 500
    METHOD = 480
    MEDIA_TYPE = 460
    OTHER = 440


_FOR_EACH_LEVEL = 15
_FOR_EACH_EARLIER = 2


class Ranks:
    """Gives the cases of one operation their values, in the order in which they are made.

    What lies deeper is worth less, and so is each further case of a class, so that the fields of
    a large body do not crowd out everything else.
    """

    __slots__ = ("_earlier",)

    def __init__(self) -> None:
        self._earlier: dict[Worth, int] = {}

    def value(self, worth: Worth, level: int = 0) -> int:
        """The value (1-1000) of the next case of this class, `level` objects deep in the body."""
        earlier = self._earlier.get(worth, 0)
        self._earlier[worth] = earlier + 1
        return max(1, worth - _FOR_EACH_LEVEL * level - _FOR_EACH_EARLIER * earlier)
