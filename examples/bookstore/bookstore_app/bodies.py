"""What the bodies of requests must look like, and how one is read."""

from __future__ import annotations

import json
import math

from .errors import InvalidBody, MalformedBody, UnsupportedMediaType
from .values import (
    DATE,
    EMAIL,
    URI,
    UUID,
    Check,
    Json,
    JsonObject,
    array,
    boolean,
    choice,
    integer,
    matching,
    number,
    record,
    tagged,
    text,
)

GENRES = ("fiction", "science", "children", "poetry", "travel")
PAYMENT_TERMS = (14, 30, 60)
LONGEST_INTEGER = 300

_EMAIL = text(maximum=254, form=EMAIL)
_TAG = text(maximum=30, form=matching(r"[a-z][a-z0-9-]*"))

BOOK = record(
    required={
        "title": text(1, 200),
        "authors": array(text(1, 100), 1, 10),
        "isbn": text(form=matching(r"97[89]-\d{10}")),
        "genre": choice(*GENRES),
        "price": number(above=0, maximum=10000),
    },
    optional={
        "subtitle": text(0, 200, nullable=True),
        "pages": integer(1, 10000),
        "publishedOn": text(form=DATE),
        "coverUrl": text(0, 500, URI, nullable=True),
        "tags": array(_TAG, 0, 10, unique=True),
        "inStock": boolean,
    },
)

REVIEW = record(
    required={"rating": integer(1, 5), "text": text(1, 2000)},
    optional={"reviewer": text(1, 80, nullable=True)},
)

_ADDRESS = record(
    required={
        "line1": text(1, 100),
        "city": text(1, 60),
        "postalCode": text(form=matching(r"[A-Z0-9][A-Z0-9 -]{2,9}")),
        "country": text(form=matching(r"[A-Z]{2}")),
    },
    optional={"line2": text(0, 100, nullable=True)},
)

CUSTOMER = record(
    required={
        "fullName": text(1, 100),
        "email": _EMAIL,
        "address": _ADDRESS,
        "password": text(8, 72),
    },
    optional={
        "phone": text(form=matching(r"\+[1-9]\d{6,14}")),
        "birthDate": text(form=DATE),
        "newsletter": boolean,
    },
)

_PAYMENT = tagged(
    "type",
    {
        "card": record(
            {
                "type": choice("card"),
                "cardHolder": text(1, 100),
                "lastFour": text(form=matching(r"\d{4}")),
            }
        ),
        "invoice": record(
            {"type": choice("invoice"), "billingEmail": _EMAIL},
            {"dueInDays": choice(*PAYMENT_TERMS)},
        ),
    },
)

ORDER = record(
    required={
        "customerId": text(form=UUID),
        "items": array(record({"bookId": text(form=UUID), "quantity": integer(1, 99)}), 1, 20),
        "payment": _PAYMENT,
    },
    optional={"comment": text(0, 500, nullable=True)},
)


def read_body(data: bytes, content_type: str | None, check: Check) -> JsonObject:
    """The JSON object in `data`, which passes `check`.

    Raises MalformedBody, UnsupportedMediaType or InvalidBody; an empty body counts as malformed
    whatever its content type, because it has none.
    """
    if not data:
        raise MalformedBody("This operation needs a body.")
    if not _is_json(content_type):
        raise UnsupportedMediaType("The body must be sent as application/json.")
    value = _parse(data)
    problems = list(check(value, ""))
    if problems or not isinstance(value, dict):
        raise InvalidBody(problems)
    return value


def _is_json(content_type: str | None) -> bool:
    media_type, *parameters = (content_type or "").lower().split(";")
    charsets = [part.split("=", 1)[1] for part in parameters if part.strip().startswith("charset=")]
    utf8 = all(charset.strip(' "') in ("utf-8", "utf8") for charset in charsets)
    return media_type.strip() == "application/json" and utf8


def _parse(data: bytes) -> Json:
    try:
        decoded = data.decode("utf-8")
        value: Json = json.loads(decoded, parse_constant=_refuse, parse_int=_integer)
        # An escaped half of a surrogate pair is a string that could never be sent back.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise MalformedBody("The body is not valid JSON.") from error
    return value


def _refuse(name: str) -> Json:
    raise ValueError(f"{name} is not JSON")


def _integer(digits: str) -> int | float:
    """Python refuses to read very long integers; out of every range is what they are here."""
    if len(digits) > LONGEST_INTEGER:
        return -math.inf if digits.startswith("-") else math.inf
    return int(digits)
