"""What is in the shop at the start: the ids that the document's examples speak of."""

from __future__ import annotations

from .records import Book, Customer, Order, OrderLine, Review

ATLAS = "7f9c2ba4-e88f-4a1d-9d4c-0f6c3c1e5a01"
NUMBERS = "1c3d5e7f-2a4b-4c6d-8e9f-a0b1c2d3e402"
SHORE = "5b8a1f60-37cd-4e92-9b04-d2e6f7a81c03"
FOX = "9e2d4c6b-8a70-4f15-a3b7-64c5d8e9f104"
STONES = "c4f7a9e2-1d3b-4860-b5c8-7a9e0d2f3b05"

NADIA = "3d6f0a52-9b1e-4c47-8f5a-2e7d81c4b301"
SCHOOL = "3d6f0a52-9b1e-4c47-8f5a-2e7d81c4b302"

PLACED_ORDER = "b5a1e0c7-4d2f-4f83-9a6b-6c8d7e9f0101"
SHIPPED_ORDER = "b5a1e0c7-4d2f-4f83-9a6b-6c8d7e9f0102"


def books() -> list[Book]:
    """Five books; the first two stand in orders."""
    return [
        Book(
            ATLAS,
            "2025-01-15T09:30:00Z",
            {
                "title": "The Lighthouse Atlas",
                "subtitle": None,
                "authors": ["Marta Oduya"],
                "isbn": "978-1000000016",
                "genre": "travel",
                "price": 24.5,
                "pages": 312,
                "publishedOn": "2021-05-20",
                "coverUrl": "https://covers.example.org/lighthouse-atlas.jpg",
                "tags": ["maps", "sea"],
                "inStock": True,
            },
        ),
        Book(
            NUMBERS,
            "2025-01-15T09:31:00Z",
            {
                "title": "Numbers in the Garden",
                "subtitle": "Counting for people who would rather be outside",
                "authors": ["Leo Brandt", "Ama Serwaa"],
                "isbn": "978-1000000023",
                "genre": "children",
                "price": 12.25,
                "pages": 64,
                "publishedOn": "2023-03-01",
                "tags": ["counting"],
            },
        ),
        Book(
            SHORE,
            "2025-01-16T12:00:00Z",
            {
                "title": "Тихий берег",
                "authors": ["Вера Лескова"],
                "isbn": "978-1000000030",
                "genre": "poetry",
                "price": 9.75,
                "inStock": False,
            },
        ),
        Book(
            FOX,
            "2025-01-17T15:45:00Z",
            {
                "title": "The Fox Who Kept the Minutes",
                "authors": ["Jonas Veld"],
                "isbn": "979-1000000047",
                "genre": "fiction",
                "price": 16,
                "pages": 288,
                "publishedOn": "2024-11-08",
                "coverUrl": None,
            },
        ),
        Book(
            STONES,
            "2025-01-18T10:10:10Z",
            {
                "title": "How Stones Remember",
                "authors": ["Priya Nair"],
                "isbn": "979-1000000054",
                "genre": "science",
                "price": 31,
                "tags": ["geology", "time"],
            },
        ),
    ]


def reviews() -> list[Review]:
    """Two reviews of the first book, the older one first."""
    first = "a8d0c1b2-6e5f-4d4c-8b3a-291807f6e501"
    second = "a8d0c1b2-6e5f-4d4c-8b3a-291807f6e502"
    return [
        Review(first, "2025-02-10T18:00:00Z", ATLAS, 4, "A quiet and clever book.", "Ida"),
        Review(second, "2025-02-12T19:20:00Z", ATLAS, 5, "Unputdownable. 🌊", None),
    ]


def customers() -> list[Customer]:
    """A reader and a school."""
    return [
        Customer(
            NADIA,
            "2025-02-01T08:00:00Z",
            {
                "fullName": "Nadia Berg",
                "email": "nadia.berg@example.com",
                "phone": "+4930123456",
                "birthDate": "1990-07-14",
                "newsletter": True,
                "address": {
                    "line1": "Lindenweg 4",
                    "line2": "Back house",
                    "city": "Berlin",
                    "postalCode": "10969",
                    "country": "DE",
                },
            },
        ),
        Customer(
            SCHOOL,
            "2025-02-02T08:00:00Z",
            {
                "fullName": "Parkside School",
                "email": "office@school.example.com",
                "address": {
                    "line1": "7 Park Side",
                    "line2": None,
                    "city": "Cambridge",
                    "postalCode": "CB1 1AA",
                    "country": "GB",
                },
            },
        ),
    ]


def orders() -> list[Order]:
    """One order that can be cancelled and one that has been shipped."""
    return [
        Order(
            PLACED_ORDER,
            "2025-03-02T11:00:00Z",
            NADIA,
            (
                OrderLine(ATLAS, "The Lighthouse Atlas", 2, 24.5),
                OrderLine(NUMBERS, "Numbers in the Garden", 1, 12.25),
            ),
            {"type": "card", "cardHolder": "Nadia Berg", "lastFour": "4242"},
            comment="Please ring twice.",
        ),
        Order(
            SHIPPED_ORDER,
            "2025-03-03T07:15:00Z",
            SCHOOL,
            (OrderLine(NUMBERS, "Numbers in the Garden", 30, 12.25),),
            {"type": "invoice", "billingEmail": "accounts@school.example.com", "dueInDays": 30},
            status="shipped",
            shipped_at="2025-03-04T16:40:00Z",
        ),
    ]
