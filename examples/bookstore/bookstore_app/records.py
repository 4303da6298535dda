"""What the shop keeps: books, reviews, customers and orders, and how they are shown."""

from __future__ import annotations

from dataclasses import dataclass

from .values import JsonObject


@dataclass(frozen=True, slots=True)
class Book:
    """A book; `fields` is the body as it was sent."""

    id: str
    created_at: str
    fields: JsonObject

    def shown(self, ratings: list[int]) -> JsonObject:
        """The book with what its reviews amount to."""
        average = round(sum(ratings) / len(ratings), 2) if ratings else None
        return {
            "id": self.id,
            "tags": [],
            "inStock": True,
            **self.fields,
            "rating": {"count": len(ratings), "average": average},
            "createdAt": self.created_at,
        }


@dataclass(frozen=True, slots=True)
class Review:
    """A review of a book."""

    id: str
    created_at: str
    book_id: str
    rating: int
    text: str
    reviewer: str | None

    def shown(self) -> JsonObject:
        """The review as JSON."""
        return {
            "id": self.id,
            "bookId": self.book_id,
            "rating": self.rating,
            "text": self.text,
            "reviewer": self.reviewer,
            "createdAt": self.created_at,
        }


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer; `fields` is the body as it was sent, without the password."""

    id: str
    created_at: str
    fields: JsonObject

    def shown(self) -> JsonObject:
        """The customer as JSON."""
        return {"id": self.id, "newsletter": False, **self.fields, "createdAt": self.created_at}


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line of an order, at the price of the day."""

    book_id: str
    title: str
    quantity: int
    unit_price: float

    @property
    def total(self) -> float:
        """The price of the line in euros, rounded to cents."""
        return round(self.unit_price * self.quantity, 2)

    def shown(self) -> JsonObject:
        """The line as JSON."""
        return {
            "bookId": self.book_id,
            "title": self.title,
            "quantity": self.quantity,
            "unitPrice": self.unit_price,
            "lineTotal": self.total,
        }


@dataclass(frozen=True, slots=True)
class Order:
    """An order; `payment` is the object as it was sent."""

    id: str
    created_at: str
    customer_id: str
    lines: tuple[OrderLine, ...]
    payment: JsonObject
    comment: str | None = None
    status: str = "placed"
    shipped_at: str | None = None

    def shown(self) -> JsonObject:
        """The order as JSON."""
        return {
            "id": self.id,
            "customerId": self.customer_id,
            "status": self.status,
            "items": [line.shown() for line in self.lines],
            "total": round(sum(line.total for line in self.lines), 2),
            "currency": "EUR",
            "payment": self.payment,
            "comment": self.comment,
            "createdAt": self.created_at,
            "shippedAt": self.shipped_at,
        }
