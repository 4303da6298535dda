"""What the base class does for the tests: forms in any script, and what could not be removed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from pe4king_core.model.case import Body, Request, TestModel
from pe4king_core.rendering.formats.junit_restassured import FORMAT
from tests.rendering.java_kit import java_kit
from tests.rendering.test_java_class import CREATE, STYLE, case, method

pytestmark = pytest.mark.java


class Recorder(BaseHTTPRequestHandler):
    """Remembers bodies; deleting is refused unless there is nothing."""

    protocol_version = "HTTP/1.1"
    bodies: list[bytes]

    def do_POST(self) -> None:
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        self.bodies.append(body)
        self.reply(200)

    def do_DELETE(self) -> None:
        self.reply(404 if self.path == "/gone" else 409)

    def reply(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    handler = type("Own", (Recorder,), {"bodies": []})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()


def sources_of(model: TestModel) -> dict[str, str]:
    files = [FORMAT.render(model, STYLE), *FORMAT.support([model], (), STYLE)]
    return {file.path: file.text for file in files if file.path.endswith(".java")}


def test_forms_travel_in_any_script(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    fields = {"вид": "счёт", "plain": "text", "файл": "содержимое"}
    body = Body("multipart/form-data", fields, files={"файл": "text/plain"})
    model = TestModel("Books", "Shop", "", (case("a", CREATE, Request("POST", "/b", body=body)),))
    sources = sources_of(model)
    code = method(next(text for name, text in sources.items() if "BooksTest" in name), "a")
    assert '.multiPart(textPart("вид", "счёт"))' in code
    assert '.multiPart("plain", "text")' in code
    kit = java_kit()
    classes = kit.compile(sources, tmp_path, options=("-Xlint:all", "-Werror"))
    url = f"http://127.0.0.1:{server.server_address[1]}"
    outcomes = kit.run_tests(classes, {"API_BASE_URL": url})
    assert outcomes["BooksTest.a"].passed, outcomes
    (sent,) = server.RequestHandlerClass.bodies  # type: ignore[attr-defined]
    parts = [part.partition(b"\r\n\r\n") for part in sent.split(b"--")]
    shown = [(head.decode(), value.decode().strip()) for head, _, value in parts if value]
    for (name, value), (head, text) in zip(fields.items(), shown, strict=True):
        assert f'name="{name}"' in head
        assert text == value


def test_what_could_not_be_removed_is_said(server: ThreadingHTTPServer, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{server.server_address[1]}"
    probe = """
package api;

class Probe extends BaseApiTest {
  public static void main(String[] arguments) {
    System.setErr(System.out);
    Probe probe = new Probe();
    probe.afterwards(() -> api().delete("/kept"));
    probe.afterwards(() -> api().delete("/gone"));
    probe.cleanUp();
  }
}
"""
    model = TestModel("Books", "Shop", url, (case("a", CREATE, Request("POST", "/b")),))
    kit = java_kit()
    classes = kit.compile({**sources_of(model), "api/Probe.java": probe}, tmp_path)
    said = [x for x in kit.run_main(classes, "api.Probe").splitlines() if "cleaned" in x]
    assert said == ["Not cleaned up: HTTP/1.1 409 Conflict"]
