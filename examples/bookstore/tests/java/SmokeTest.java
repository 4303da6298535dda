import static io.restassured.RestAssured.given;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SmokeTest {

    static final String KEY = env("API_KEY", "");
    static final String TOKEN = env("API_BEARER_AUTH", "");

    static String env(String name, String otherwise) {
        String value = System.getenv(name);
        return value == null ? otherwise : value;
    }

    @BeforeAll
    static void setUp() {
        RestAssured.baseURI = env("API_BASE_URL", "http://127.0.0.1:8765/v1");
    }

    @Test
    void listBooks() {
        given().header("X-API-Key", KEY).queryParam("limit", 5).when().get("/books").then().statusCode(200);
    }

    @Test
    void getBook() {
        Response response = given()
                .header("X-API-Key", KEY)
                .get("/books/7f9c2ba4-e88f-4a1d-9d4c-0f6c3c1e5a01");
        assertEquals(200, response.statusCode());
    }

    @Test
    void createOrder() {
        String order = "{\"customerId\": \"3d6f0a52-9b1e-4c47-8f5a-2e7d81c4b301\","
                + " \"items\": [{\"bookId\": \"7f9c2ba4-e88f-4a1d-9d4c-0f6c3c1e5a01\", \"quantity\": 1}],"
                + " \"payment\": {\"type\": \"card\", \"cardHolder\": \"Nadia Berg\", \"lastFour\": \"4242\"},"
                + " \"comment\": \"Позвоните за час\"}";
        given()
                .header("Authorization", "Bearer " + TOKEN)
                .header("Idempotency-Key", UUID.randomUUID().toString())
                .contentType(ContentType.JSON)
                .body(order)
        .when()
                .post("/orders")
        .then()
                .statusCode(201);
    }
}
