"""Reading Java tests: objects of answers, conditions, tables, helpers that end in a failure."""

from __future__ import annotations

import pytest
from java_code import IMPORTS, only_test, read, told

BOOK = """package shop;
class Book {
    @JsonProperty("title") private String name;
    private Double price;
    private List<String> tags;
    private Map<String, Object> payment;
    public String getName() { return name; }
    public Double getPrice() { return price; }
    public List<String> getTags() { return tags; }
    public Map<String, Object> getPayment() { return payment; }
}"""
READ = 'Book book = get("/b").as(Book.class); '
FILES = {"shop/Book.java": BOOK}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("assertFalse(book.getName().isBlank());", "body(/title) size [1, ]"),
        ("assertTrue(!book.getName().isBlank());", "body(/title) size [1, ]"),
        ('assertIterableEquals(List.of("a"), book.getTags());', "body(/tags) == ['a']"),
        ("assertThat(book.getPayment()).contains(entry('k', 1));", "body(/payment/k) == 1"),
        ("assertThat(book.getPayment()).containsEntry('k', 1);", "body(/payment/k) == 1"),
        ("assertEquals(0.3, book.getPrice(), 0.1);", "body(/price) range [0.2, 0.4]"),
        ("assertEquals(other(), book.getPrice(), 0.1);", "body(/price) if present"),
        ("Check.valid(book.getName());", "?"),
    ],
)
def test_getters_of_an_answers_object(code: str, expected: str) -> None:
    test = only_test(READ + code.replace("'k'", '"k"'), files=FILES)
    assert told(test)[1:] == [f"C1 {expected}"]


def test_conditions_asked_by_assert_that() -> None:
    test = only_test(
        'JsonNode b = new ObjectMapper().readTree(get("/b").asString());'
        'assertThat(b.get("x").isNull()).isTrue();'
        'assertThat(b.get("y").isNumber()).isTrue();'
        'assertThat(b.get("z").asText().isBlank()).isFalse();'
    )
    assert told(test)[1:] == [
        "C1 body(/x) == None",
        "C1 body(/y) type number",
        "C1 body(/z) size [1, ]",
    ]


def test_of_two_answers_the_later_one_is_checked() -> None:
    test = only_test(
        'Response a = get("/a"); Response b = get("/b");'
        'assertEquals(a.path("id"), b.path("id"));'
        'assertEquals(b.path("x"), a.path("x"));'
        'assertThat(a.<String>path("y")).isEqualTo(b.path("y"));'
    )
    assert told(test)[2:] == [
        "C2 body(/id) == C1/id",
        "C2 body(/x) == C1/x",
        "C2 body(/y) == C1/y",
    ]


def test_method_references_get_the_items() -> None:
    members = "static void book(Book book) { assertNotNull(book.getName()); }"
    body = 'List<Book> all = get("/b").jsonPath().getList("items", Book.class);'
    test = only_test(body + "all.forEach(ATest::book);", members=members, files=FILES)
    assert told(test)[1:] == ["C1 body(/items/*/title) not null"]


def test_a_list_that_was_collected_is_not_empty() -> None:
    test = only_test(
        'List<Float> all = get("/b").jsonPath().getList("items.price", Float.class);'
        "MatcherAssert.assertThat(all, is(not(empty())));"
    )
    assert told(test)[1:] == ["C1 body(/items) size [1, ]"]


def test_rows_tell_statuses_only() -> None:
    text = f"""package shop;
    {IMPORTS}
    class ATest {{ @ParameterizedTest @CsvSource({{"400, bad", "404, gone"}})
    void it(int status, String code) {{
        Response r = get("/b/" + code);
        assertEquals(status, r.statusCode());
        assertEquals(code, r.path("code"));
    }} }}"""
    (test,) = read({"shop/ATest.java": text}, "shop/ATest.java").tests
    assert told(test)[1:] == ["C1 status in [400, 404]", "C1 body(/code) if present"]


@pytest.mark.parametrize(
    ("fields", "rows"),
    [
        (
            "private final String path; private final int status;"
            "public ATest(String path, int status) { this.path = path; this.status = status; }",
            'Arrays.asList(new Object[][] { {"/a", 200}, {"/b", 404} })',
        ),
        (
            "@Parameter public String path; @Parameter(1) public int status;",
            'Arrays.asList(new Object[] {"/a", 200}, new Object[] {"/b", 404})',
        ),
    ],
)
def test_rows_of_junit_4(fields: str, rows: str) -> None:
    text = f"""package shop;
    {IMPORTS}
    @RunWith(Parameterized.class) public class ATest {{ {fields}
    @Parameters public static Collection<Object[]> rows() {{ return {rows}; }}
    @Test public void it() {{ get("/x/" + path).then().statusCode(status); }} }}"""
    (test,) = read({"shop/ATest.java": text}, "shop/ATest.java").tests
    assert told(test) == ["C1 GET /x/{} chain", "C1 status in [200, 404]"]
    assert test.parametrized


def test_an_answer_given_to_what_asserts_unseen() -> None:
    test = only_test('Response r = get("/b"); Verifier.ok(r); log(r);')
    assert told(test)[1:] == ["C1 ?"]


def test_a_helper_that_ends_in_a_failure_asserts() -> None:
    members = """static void until(BooleanSupplier done) {
        for (int i = 0; i < 3; i++) { if (done.getAsBoolean()) { return; } }
        throw new AssertionError("never");
    }"""
    test = only_test('until(() -> get("/b").<Integer>path("n") == 1);', members=members)
    assert told(test)[-1] == "C1 ?"


def test_what_must_not_throw_is_read() -> None:
    test = only_test(
        'Response r = assertDoesNotThrow(() -> get("/b"));'
        'assertDoesNotThrow(() -> UUID.fromString(r.path("id")));'
    )
    assert told(test) == ["C1 GET /b response as r", "C1 body(/id) format uuid"]


def test_an_interface_says_what_its_methods_give() -> None:
    api = "package shop; interface Api { Response book(); }"
    test = only_test(
        "var r = api.book(); r.then().statusCode(200);",
        members="Api api;",
        files={"shop/Api.java": api},
    )
    assert told(test) == ["C1 ? ? response as r ?", "C1 status == 200"]


def test_the_library_is_not_read_even_where_its_source_is_there() -> None:
    library = "package io.restassured; public class RestAssured { static Object get(String p) { } }"
    text = """package shop; import io.restassured.RestAssured;
    class ATest { @Test void it() { RestAssured.get("/b").then().statusCode(200); } }"""
    files = {"io/restassured/RestAssured.java": library, "shop/ATest.java": text}
    (test,) = read(files, "shop/ATest.java").tests
    assert told(test) == ["C1 GET /b chain", "C1 status == 200"]


def test_a_field_that_takes_an_answer_is_a_variable_of_the_test() -> None:
    test = only_test(
        'r = get("/a"); assertEquals(200, r.statusCode()); again();',
        members='Response r; void again() { r = get("/b"); }',
    )
    assert told(test) == ["C1 GET /a response as r", "C2 GET /b bare", "C1 status == 200"]


def test_set_up_is_the_same_for_every_test_of_a_class() -> None:
    one = """@Test void t%d() { book.put("n", 1); get("/b/" + id).then().body("n", is(book)); }"""
    text = f"""package shop;
    {IMPORTS}
    class ATest {{ Map<String, Object> book = new HashMap<>(); Response made; String id;
    @BeforeEach void make() {{
        book.put("title", "x");
        made = given().body(book).post("/b"); id = made.path("id");
        made.then().statusCode(201);
    }}
    {one % 1}
    {one % 2}
    }}"""
    file = read({"shop/ATest.java": text}, "shop/ATest.java")
    first, second = file.tests
    assert told(first) == told(second)
    assert "C1 POST /b response as made json" in told(first)
    for test in file.tests:
        assert test.calls[0].setup
        assert test.calls[0].anchor == test.body_span.start
        assert test.assertions[0].span.start == test.body_span.start


def test_objects_that_lead_far_are_no_trouble() -> None:
    chain = "r = wrap(() -> r);" * 400
    test = """@Test void t%d() { get("/b").then().statusCode(200); }"""
    text = f"""package shop;
    {IMPORTS}
    class ATest {{ Object wrap(Supplier<Object> s) {{ return s; }}
    Supplier<Object> kept; @BeforeEach void make() {{ Object r = null; {chain} kept = r; }}
    {test % 1}
    {test % 2}
    }}"""
    first, second = read({"shop/ATest.java": text}, "shop/ATest.java").tests
    assert told(first) == told(second) == ["C1 GET /b chain", "C1 status == 200"]


def test_what_is_meant_to_fail_says_nothing() -> None:
    test = only_test(
        'try { get("/b").then().statusCode(200); fail("no"); } catch (AssertionError e) { log(e); }'
    )
    assert told(test) == ["C1 GET /b chain ?", "- ?", "C1 status if present == 200 perhaps"]


def test_settings_and_methods_of_other_modules() -> None:
    text = """package shop;
    import io.restassured.module.mockmvc.RestAssuredMockMvc;
    import static io.restassured.http.Method.POST;
    class ATest { @Test void it() {
        RestAssuredMockMvc.basePath = "/v1";
        RestAssuredMockMvc.given().request(POST, "/b").then().statusCode(201);
    } }"""
    (test,) = read({"shop/ATest.java": text}, "shop/ATest.java").tests
    assert told(test) == ["C1 POST /v1/b chain", "C1 status == 201"]


def test_expectations_before_the_request_by_then() -> None:
    test = only_test('given().then().body("a", is(1)).when().get("/b");')
    assert told(test)[1:] == ["C1 body(/a) == 1"]
