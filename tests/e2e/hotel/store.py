"""What the hotel service remembers, and the rules that keep it in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from fastapi import HTTPException

from tests.e2e.hotel.models import (
    Booking,
    BookingDraft,
    Hotel,
    HotelDraft,
    Label,
    Room,
    RoomDraft,
    SortOrder,
    now,
)


def missing(what: str) -> HTTPException:
    return HTTPException(404, f"no such {what}")


@dataclass(slots=True)
class Store:
    """Everything, by what it is found with."""

    hotels: dict[UUID, Hotel] = field(default_factory=dict)
    rooms: dict[tuple[UUID, int], Room] = field(default_factory=dict)
    bookings: dict[tuple[UUID, int, UUID], Booking] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)

    def hotel(self, hotel_id: UUID) -> Hotel:
        found = self.hotels.get(hotel_id)
        if found is None:
            raise missing("hotel")
        return found

    def room(self, hotel_id: UUID, number: int) -> Room:
        self.hotel(hotel_id)
        found = self.rooms.get((hotel_id, number))
        if found is None:
            raise missing("room")
        return found

    def booking(self, hotel_id: UUID, number: int, booking_id: UUID) -> Booking:
        self.room(hotel_id, number)
        found = self.bookings.get((hotel_id, number, booking_id))
        if found is None:
            raise missing("booking")
        return found

    def label(self, name: str) -> Label:
        found = self.labels.get(name)
        if found is None:
            raise missing("label")
        return found

    def search(self, city: str | None, stars: int | None, sort: SortOrder) -> list[Hotel]:
        found = [
            each
            for each in self.hotels.values()
            if (city is None or each.address.city == city)
            and (stars is None or each.stars >= stars)
        ]
        if sort is SortOrder.NEWEST:
            return sorted(found, key=lambda each: each.created_at, reverse=True)
        return sorted(found, key=lambda each: (getattr(each, sort.value), each.code))

    def add_hotel(self, draft: HotelDraft) -> Hotel:
        self._code_is_free(draft.code, None)
        made = Hotel(**draft.model_dump(), id=uuid4(), created_at=now())
        self.hotels[made.id] = made
        return made

    def replace_hotel(self, hotel_id: UUID, draft: HotelDraft) -> Hotel:
        old = self.hotel(hotel_id)
        self._code_is_free(draft.code, hotel_id)
        made = Hotel(**draft.model_dump(), id=hotel_id, created_at=old.created_at)
        self.hotels[hotel_id] = made
        return made

    def remove_hotel(self, hotel_id: UUID) -> None:
        self.hotel(hotel_id)
        for number in [room for hotel, room in self.rooms if hotel == hotel_id]:
            self.remove_room(hotel_id, number)
        del self.hotels[hotel_id]

    def add_room(self, hotel_id: UUID, draft: RoomDraft) -> Room:
        self.hotel(hotel_id)
        if (hotel_id, draft.number) in self.rooms:
            raise HTTPException(409, "the hotel has a room of this number")
        made = Room(**draft.model_dump(), hotel_id=hotel_id)
        self.rooms[hotel_id, draft.number] = made
        return made

    def remove_room(self, hotel_id: UUID, number: int) -> None:
        self.room(hotel_id, number)
        del self.rooms[hotel_id, number]
        for key in [key for key in self.bookings if key[:2] == (hotel_id, number)]:
            del self.bookings[key]

    def add_booking(self, hotel_id: UUID, number: int, draft: BookingDraft) -> Booking:
        price = self.room(hotel_id, number).price * draft.nights
        made = Booking(**draft.model_dump(), id=uuid4(), price=price, created_at=now())
        self.bookings[hotel_id, number, made.id] = made
        return made

    def _code_is_free(self, code: str, owner: UUID | None) -> None:
        if any(each.code == code and each.id != owner for each in self.hotels.values()):
            raise HTTPException(409, "the code is taken")
