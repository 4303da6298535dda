"""What the hotel service takes and answers."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _only_a_date(value: Any) -> Any:
    if isinstance(value, date) or (isinstance(value, str) and _DATE.fullmatch(value)):
        return value
    raise ValueError("a date is written 2024-02-29")


def _only_an_email(value: Any) -> Any:
    if isinstance(value, str) and re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", value):
        return value
    raise ValueError("not an e-mail address")


Day = Annotated[date, BeforeValidator(_only_a_date)]
Email = Annotated[
    str, BeforeValidator(_only_an_email), Field(json_schema_extra={"format": "email"})
]
Price = Annotated[float, Field(ge=0, le=100_000, strict=True)]


class Strict(BaseModel):
    """A request body: nothing that the document does not name."""

    model_config = ConfigDict(extra="forbid")


class RoomKind(StrEnum):
    SINGLE = "single"
    DOUBLE = "double"
    SUITE = "suite"


class BookingStatus(StrEnum):
    NEW = "new"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"


class SortOrder(StrEnum):
    NAME = "name"
    STARS = "stars"
    NEWEST = "-created_at"


class Address(Strict):
    street: str = Field(min_length=1, max_length=120)
    city: str = Field(min_length=1, max_length=80)
    country: str = Field(pattern="^[A-Z]{2}$")
    postal_code: str | None = Field(default=None, max_length=12)


class HotelDraft(Strict):
    code: str = Field(pattern="^[A-Za-z0-9-]{3,40}$", description="The hotel's code; unique")
    name: str = Field(min_length=1, max_length=100)
    stars: StrictInt = Field(ge=1, le=5)
    address: Address
    amenities: list[Annotated[str, Field(min_length=1, max_length=30)]] = Field(
        default_factory=list, max_length=20
    )
    website: str | None = Field(default=None, max_length=200)
    opened_on: Day | None = None
    pets_allowed: StrictBool = False


class HotelChange(Strict):
    """A merge patch: what is left out stays."""

    name: str = Field(default="", min_length=1, max_length=100)
    stars: StrictInt = Field(default=1, ge=1, le=5)
    website: str | None = Field(default=None, max_length=200)


class Hotel(HotelDraft):
    id: UUID
    created_at: datetime
    rating: float | None = Field(default=None, ge=0, le=10)


class HotelPage(BaseModel):
    items: list[Hotel]
    total: int = Field(ge=0)
    limit: int
    offset: int


class RoomDraft(Strict):
    number: StrictInt = Field(ge=1, le=9999)
    kind: RoomKind
    beds: StrictInt = Field(default=1, ge=1, le=8)
    price: Price
    smoking: StrictBool = False


class RoomChange(Strict):
    kind: RoomKind = RoomKind.SINGLE
    price: Price = 0.0


class Room(RoomDraft):
    hotel_id: UUID


class Guest(Strict):
    name: str = Field(min_length=1, max_length=80)
    email: Email
    born_on: Day | None = None


class CardPayment(Strict):
    kind: Literal["card"]
    last_four: str = Field(pattern="^[0-9]{4}$")


class InvoicePayment(Strict):
    kind: Literal["invoice"]
    company: str = Field(min_length=1, max_length=80)
    tax_id: str | None = Field(default=None, pattern="^[0-9]{10}$")


Payment = Annotated[CardPayment | InvoicePayment, Field(discriminator="kind")]


class BookingDraft(Strict):
    guest: Guest
    companions: list[Guest] = Field(default_factory=list, max_length=3)
    arrival: Day
    nights: StrictInt = Field(ge=1, le=30)
    payment: Payment
    note: str | None = Field(default=None, max_length=500)


class BookingChange(Strict):
    status: BookingStatus


class Booking(BookingDraft):
    id: UUID
    status: BookingStatus = BookingStatus.NEW
    price: float = Field(ge=0)
    created_at: datetime


class LabelDraft(Strict):
    color: str = Field(pattern="^#[0-9a-f]{6}$")


class Label(LabelDraft):
    name: str


class Login(Strict):
    username: str = Field(min_length=1, max_length=40, examples=["demo"])
    password: str = Field(
        min_length=8,
        max_length=64,
        examples=["demo-password"],
        json_schema_extra={"format": "password"},
    )


class Token(BaseModel):
    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_at: datetime


class Photo(BaseModel):
    file_name: str
    media_type: str
    size: int = Field(ge=0)


class Problem(BaseModel):
    detail: str


def now() -> datetime:
    return datetime.now(UTC)
