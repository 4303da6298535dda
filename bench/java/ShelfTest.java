import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.notNullValue;

import io.restassured.builder.RequestSpecBuilder;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three tests of the bookstore, as somebody would write them. */
class ShelfTest {
  private RequestSpecification api;

  @BeforeEach
  void connect() {
    api =
        new RequestSpecBuilder()
            .setBaseUri(System.getenv("API_BASE_URL"))
            .addHeader("X-API-Key", "demo:key")
            .addHeader("Authorization", "Bearer demo:key")
            .setContentType("application/json")
            .build();
  }

  @Test
  void listsBooks() {
    given(api)
        .get("/books")
        .then()
        .statusCode(200)
        .contentType("application/json")
        .header("X-Total-Count", notNullValue())
        .body("total", greaterThanOrEqualTo(0))
        .body("items.id", everyItem(instanceOf(String.class)))
        .body("items.price", everyItem(instanceOf(Number.class)))
        .body("items", everyItem(hasKey("authors")));
  }

  @Test
  void addsBook() {
    Map<String, Object> book =
        Map.of(
            "title", "Maps",
            "authors", List.of("Somebody"),
            "isbn", "978-1000000016",
            "genre", "travel",
            "price", 24.5);
    given(api)
        .body(book)
        .post("/books")
        .then()
        .statusCode(201)
        .body("id", instanceOf(String.class))
        .body("createdAt", instanceOf(String.class))
        .body("rating.count", greaterThanOrEqualTo(0));
  }

  @Test
  void pagesBooks() {
    given(api)
        .queryParam("limit", 2)
        .get("/books")
        .then()
        .statusCode(200)
        .body("items.size()", lessThanOrEqualTo(2))
        .body("limit", instanceOf(Integer.class))
        .body("offset", greaterThanOrEqualTo(0));
  }
}
