"""The operations of the hotel service."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, FastAPI, File, Form, HTTPException, Path, Query, Response, UploadFile
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader, HTTPAuthorizationCredentials, HTTPBearer

from tests.e2e.hotel import models as m
from tests.e2e.hotel.store import Store

_KEY, _TOKEN = "demo-key", "demo-token"
_key = APIKeyHeader(name="X-API-Key", scheme_name="apiKey", auto_error=False)
_bearer = HTTPBearer(scheme_name="bearerAuth", auto_error=False)


def reader(key: Annotated[str | None, Depends(_key)]) -> None:
    if key != _KEY:
        raise HTTPException(401, "an API key is needed")


def writer(sent: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> None:
    if sent is None or sent.credentials != _TOKEN:
        raise HTTPException(401, "a token is needed", {"WWW-Authenticate": "Bearer"})


READ, WRITE = [Depends(reader)], [Depends(writer)]
HotelId = Annotated[UUID, Path(description="The hotel")]
RoomNumber = Annotated[int, Path(ge=1, le=9999)]
LabelName = Annotated[str, Path(pattern="^[a-z0-9-]{1,40}$")]


def _refused(*statuses: int) -> dict[int | str, dict[str, Any]]:
    texts = {401: "Not signed in", 404: "Not found", 409: "In conflict with what is there"}
    return {each: {"model": m.Problem, "description": texts[each]} for each in statuses}


def _operation_id(route: APIRoute) -> str:
    return route.name


def hotel_app() -> FastAPI:
    """A service of its own, with nothing in it."""
    app = FastAPI(
        title="Hotels",
        version="1.0.0",
        generate_unique_id_function=_operation_id,
        servers=[{"url": "http://127.0.0.1:8766"}],
    )
    store = Store()
    _sign_in(app)
    _hotels(app, store)
    _photos(app, store)
    _rooms(app, store)
    _bookings(app, store)
    _labels(app, store)
    return app


def _sign_in(app: FastAPI) -> None:
    @app.post("/auth/token", tags=["sign-in"], responses=_refused(401))
    def sign_in(login: Annotated[m.Login, Form()]) -> m.Token:
        if (login.username, login.password) != ("demo", "demo-password"):
            raise HTTPException(401, "wrong name or password")
        return m.Token(access_token=_TOKEN, expires_at=m.now() + timedelta(hours=1))

    @app.get("/health", tags=["service"])
    def health() -> dict[str, str]:
        return {"status": "ok"}


def _hotels(app: FastAPI, store: Store) -> None:
    @app.get("/hotels", tags=["hotels"], dependencies=READ, responses=_refused(401))
    def list_hotels(
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        offset: Annotated[int, Query(ge=0)] = 0,
        city: Annotated[str | None, Query(max_length=80)] = None,
        min_stars: Annotated[int | None, Query(ge=1, le=5)] = None,
        sort: m.SortOrder = m.SortOrder.NAME,
        opened_after: m.Day | None = None,
    ) -> m.HotelPage:
        found = store.search(city, min_stars, sort)
        if opened_after is not None:
            found = [each for each in found if each.opened_on and each.opened_on > opened_after]
        page = found[offset : offset + limit]
        return m.HotelPage(items=page, total=len(found), limit=limit, offset=offset)

    @app.post(
        "/hotels",
        tags=["hotels"],
        status_code=201,
        dependencies=WRITE,
        responses=_refused(401, 409),
    )
    def create_hotel(draft: m.HotelDraft) -> m.Hotel:
        return store.add_hotel(draft)

    @app.get("/hotels/{hotel_id}", tags=["hotels"], dependencies=READ, responses=_refused(401, 404))
    def get_hotel(hotel_id: HotelId) -> m.Hotel:
        return store.hotel(hotel_id)

    @app.put(
        "/hotels/{hotel_id}",
        tags=["hotels"],
        dependencies=WRITE,
        responses=_refused(401, 404, 409),
    )
    def replace_hotel(hotel_id: HotelId, draft: m.HotelDraft) -> m.Hotel:
        return store.replace_hotel(hotel_id, draft)

    @app.patch(
        "/hotels/{hotel_id}", tags=["hotels"], dependencies=WRITE, responses=_refused(401, 404)
    )
    def change_hotel(hotel_id: HotelId, change: m.HotelChange) -> m.Hotel:
        changed = store.hotel(hotel_id).model_copy(update=change.model_dump(exclude_unset=True))
        store.hotels[hotel_id] = changed
        return changed

    @app.delete(
        "/hotels/{hotel_id}",
        tags=["hotels"],
        status_code=204,
        dependencies=WRITE,
        responses=_refused(401, 404),
    )
    def delete_hotel(hotel_id: HotelId) -> None:
        store.remove_hotel(hotel_id)


def _photos(app: FastAPI, store: Store) -> None:
    @app.post(
        "/hotels/{hotel_id}/photos",
        tags=["photos"],
        status_code=201,
        dependencies=WRITE,
        responses=_refused(401, 404),
    )
    def upload_photo(
        hotel_id: HotelId,
        file: Annotated[UploadFile, File()],
        title: Annotated[str, Form(min_length=1, max_length=60)],
    ) -> m.Photo:
        store.hotel(hotel_id)
        content = file.file.read()
        kind = file.content_type or "application/octet-stream"
        return m.Photo(file_name=title, media_type=kind, size=len(content))

    @app.get(
        "/hotels/{hotel_id}/card",
        tags=["photos"],
        dependencies=READ,
        response_class=Response,
        responses={
            **_refused(401, 404),
            200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
        },
    )
    def download_card(hotel_id: HotelId) -> Response:
        return Response(store.hotel(hotel_id).name, media_type="text/plain")


def _rooms(app: FastAPI, store: Store) -> None:
    @app.get(
        "/hotels/{hotel_id}/rooms",
        tags=["rooms"],
        dependencies=READ,
        responses=_refused(401, 404),
    )
    def list_rooms(
        hotel_id: HotelId, kinds: Annotated[list[m.RoomKind] | None, Query()] = None
    ) -> list[m.Room]:
        store.hotel(hotel_id)
        rooms = [room for (hotel, _), room in store.rooms.items() if hotel == hotel_id]
        return [room for room in rooms if kinds is None or room.kind in kinds]

    @app.post(
        "/hotels/{hotel_id}/rooms",
        tags=["rooms"],
        status_code=201,
        dependencies=WRITE,
        responses=_refused(401, 404, 409),
    )
    def create_room(hotel_id: HotelId, draft: m.RoomDraft) -> m.Room:
        return store.add_room(hotel_id, draft)

    path = "/hotels/{hotel_id}/rooms/{number}"

    @app.get(path, tags=["rooms"], dependencies=READ, responses=_refused(401, 404))
    def get_room(hotel_id: HotelId, number: RoomNumber) -> m.Room:
        return store.room(hotel_id, number)

    @app.patch(path, tags=["rooms"], dependencies=WRITE, responses=_refused(401, 404))
    def change_room(hotel_id: HotelId, number: RoomNumber, change: m.RoomChange) -> m.Room:
        room = store.room(hotel_id, number)
        changed = room.model_copy(update=change.model_dump(exclude_unset=True))
        store.rooms[hotel_id, number] = changed
        return changed

    @app.delete(
        path, tags=["rooms"], status_code=204, dependencies=WRITE, responses=_refused(401, 404)
    )
    def delete_room(hotel_id: HotelId, number: RoomNumber) -> None:
        store.remove_room(hotel_id, number)


def _bookings(app: FastAPI, store: Store) -> None:
    path = "/hotels/{hotel_id}/rooms/{number}/bookings"

    @app.post(
        path,
        tags=["bookings"],
        status_code=201,
        dependencies=WRITE,
        responses=_refused(401, 404),
    )
    def create_booking(hotel_id: HotelId, number: RoomNumber, draft: m.BookingDraft) -> m.Booking:
        return store.add_booking(hotel_id, number, draft)

    @app.get(path, tags=["bookings"], dependencies=READ, responses=_refused(401, 404))
    def list_bookings(
        hotel_id: HotelId, number: RoomNumber, status: m.BookingStatus | None = None
    ) -> list[m.Booking]:
        store.room(hotel_id, number)
        found = [each for key, each in store.bookings.items() if key[:2] == (hotel_id, number)]
        return [each for each in found if status is None or each.status is status]

    @app.get(
        path + "/{booking_id}",
        tags=["bookings"],
        dependencies=READ,
        responses=_refused(401, 404),
    )
    def get_booking(hotel_id: HotelId, number: RoomNumber, booking_id: UUID) -> m.Booking:
        return store.booking(hotel_id, number, booking_id)

    @app.patch(
        path + "/{booking_id}",
        tags=["bookings"],
        dependencies=WRITE,
        responses=_refused(401, 404, 409),
    )
    def change_booking(
        hotel_id: HotelId, number: RoomNumber, booking_id: UUID, change: m.BookingChange
    ) -> m.Booking:
        booking = store.booking(hotel_id, number, booking_id)
        if booking.status is m.BookingStatus.CANCELLED:
            raise HTTPException(409, "the booking is cancelled")
        changed = booking.model_copy(update={"status": change.status})
        store.bookings[hotel_id, number, booking_id] = changed
        return changed


def _labels(app: FastAPI, store: Store) -> None:
    @app.put("/labels/{name}", tags=["labels"], dependencies=WRITE, responses=_refused(401))
    def put_label(name: LabelName, draft: m.LabelDraft) -> m.Label:
        made = m.Label(name=name, color=draft.color)
        store.labels[name] = made
        return made

    @app.get("/labels/{name}", tags=["labels"], dependencies=READ, responses=_refused(401, 404))
    def get_label(name: LabelName) -> m.Label:
        return store.label(name)

    @app.delete(
        "/labels/{name}",
        tags=["labels"],
        status_code=204,
        dependencies=WRITE,
        responses=_refused(401, 404),
    )
    def delete_label(name: LabelName) -> None:
        store.label(name)
        del store.labels[name]
