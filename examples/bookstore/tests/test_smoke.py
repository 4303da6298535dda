import os
import uuid

import requests

BASE_URL = os.getenv("API_BASE_URL", "http://127.0.0.1:8765/v1")
KEY = {"X-API-Key": os.getenv("API_KEY", "")}
TOKEN = {"Authorization": "Bearer " + os.getenv("API_BEARER_AUTH", "")}

BOOK = "7f9c2ba4-e88f-4a1d-9d4c-0f6c3c1e5a01"
CUSTOMER = "3d6f0a52-9b1e-4c47-8f5a-2e7d81c4b301"


def test_list_books():
    r = requests.get(f"{BASE_URL}/books", headers=KEY, params={"limit": 5})
    assert r.status_code == 200


def test_get_book():
    r = requests.get(f"{BASE_URL}/books/{BOOK}", headers=KEY)
    assert r.status_code == 200


def new_order(comment):
    return {
        "customerId": CUSTOMER,
        "items": [{"bookId": BOOK, "quantity": 1}],
        "payment": {"type": "card", "cardHolder": "Nadia Berg", "lastFour": "4242"},
        "comment": comment,
    }


def test_create_order():
    # комментарий покупателя должен доходить как есть
    headers = TOKEN | {"Idempotency-Key": str(uuid.uuid4())}
    order = new_order("Позвоните за час, пожалуйста 🙏📚")
    response = requests.post(f"{BASE_URL}/orders", json=order, headers=headers)
    assert response.status_code == 201


def test_get_order():
    resp = requests.get(f"{BASE_URL}/orders/b5a1e0c7-4d2f-4f83-9a6b-6c8d7e9f0102", headers=KEY)
    assert resp.status_code == 200
    data = resp.json()
    assert data["status"] == "shipped"
    assert data["currency"] == "EUR"
    assert data["items"]


def test_no_such_book():
    r = requests.get(f"{BASE_URL}/books/{uuid.uuid4()}", headers=KEY)
    assert r.status_code == 404
