"""Tests of the Java runner: wherever tests send their requests, they come to our server."""

from __future__ import annotations

import pytest

from tests.proof.runners.java_runner_kit import IMPORTS, JavaProject, Played
from tests.proof.runners.pytest_kit import wrong_status

pytestmark = [pytest.mark.java, pytest.mark.slow]

HTTP = """\
import java.net.*;
import java.net.http.*;
import io.restassured.builder.RequestSpecBuilder;
import io.restassured.specification.RequestSpecification;
"""
CLASSES = {
    "shop.NamedTest": """
        class NamedTest {
          @Test void environment() {
            get(System.getenv("BASE_URL") + "/environment").then().statusCode(200);
          }
          @Test void property() {
            get(System.getProperty("base.url") + "/property").then().statusCode(200);
          }
          @Test void placeholder() {
            assertEquals("a-key", System.getenv("API_KEY"));
            assertEquals("a-key", System.getProperty("API_KEY"));
            assertNull(System.getenv("SECRET_OF_OURS"));
          }
        }
        """,
    "shop.FixedTest": """
        class FixedTest {
          @Test void nothing_said() { get("/nothing-said").then().statusCode(200); }
          @Test void whole_url() {
            given().queryParam("q", "a b").get("http://shop.example/v1/whole/{id}", "x/y")
                .then().statusCode(200);
          }
          @Test void secure_url() {
            get("https://shop.example:8443/secure-url").then().statusCode(200);
          }
        }
        """,
    "shop.SpecificationTest": """
        class SpecificationTest {
          static final RequestSpecification SPEC = new RequestSpecBuilder()
              .setBaseUri("https://shop.example").setBasePath("/v1").build();
          @BeforeAll static void of() { baseURI = "http://books.example"; port = 8080; }
          @AfterAll static void after() { RestAssured.reset(); }
          @Test void specification() { given(SPEC).get("/of-spec").then().statusCode(200); }
          @Test void static_fields() { get("/of-fields").then().statusCode(200); }
        }
        """,
    "shop.ZAfterResetTest": """
        class ZAfterResetTest {
          @Test void after_reset() {
            get("http://shop.example/after-reset").then().statusCode(200);
          }
        }
        """,
    "shop.OtherClientsTest": """
        class OtherClientsTest {
          @Test void http_client() throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://shop.example/jdk?a=1"))
                .build();
            HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode());
          }
          @Test void url_connection() throws Exception {
            HttpURLConnection connection =
                (HttpURLConnection) new URL("http://localhost:8080/connection").openConnection();
            assertEquals(200, connection.getResponseCode());
          }
        }
        """,
}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    project = JavaProject(tmp_path_factory.mktemp("redirect") / "shop")
    for name, body in CLASSES.items():
        project.write(name, body, imports=IMPORTS + HTTP)
    with pytest.MonkeyPatch.context() as ours:
        ours.setenv("SECRET_OF_OURS", "secret")
        return project.play(wrong_status, base_path="/v1", environment={"API_KEY": "a-key"})


@pytest.mark.parametrize(
    ("name", "target", "host"),
    [
        ("NamedTest.environment", "/v1/environment", ""),
        ("NamedTest.property", "/v1/property", ""),
        ("FixedTest.nothing_said", "http://localhost:8080/nothing-said", "localhost:8080"),
        ("FixedTest.whole_url", "http://shop.example/v1/whole/x%2Fy?q=a%20b", "shop.example"),
        ("FixedTest.secure_url", "/secure-url", ""),
        ("SpecificationTest.specification", "/v1/of-spec", ""),
        ("SpecificationTest.static_fields", "http://books.example:8080/of-fields", ""),
        ("ZAfterResetTest.after_reset", "http://shop.example/after-reset", "shop.example"),
        ("OtherClientsTest.http_client", "http://shop.example/jdk?a=1", "shop.example"),
        ("OtherClientsTest.url_connection", "http://localhost:8080/connection", ""),
    ],
)
def test_requests_arrive(played: Played, name: str, target: str, host: str) -> None:
    assert played.endings(name) == ["passed", "failed"]
    hosts = [its for _, path, its in played.api.requests if path.endswith(target)]
    assert len(hosts) == 2, played.paths
    assert host in ("", hosts[0])


def test_tests_see_placeholders_and_nothing_of_ours(played: Played) -> None:
    assert played.endings("NamedTest.placeholder") == ["passed", "passed"]
