"""Other HTTP clients than REST Assured: their requests are seen, and said not to be ours."""

from __future__ import annotations

import re

from pe4king_core.testcode.java.objects import Client
from pe4king_core.testcode.java.requests import Link
from pe4king_core.testcode.java.scope import Context
from pe4king_core.testcode.reasons import FOREIGN
from pe4king_core.testcode.routes import Route
from pe4king_core.testcode.values import Unknown, Value

CLIENTS = {
    "MockMvc": r"perform",
    "MockMvcTester": r"perform|exchange",
    "RestTemplate": r"(?:get|post|patch|put)For\w+|exchange|put|delete|execute",
    "TestRestTemplate": r"(?:get|post|patch|put)For\w+|exchange|put|delete|execute",
    "RestClient": r"retrieve|exchange",
    "WebTestClient": r"exchange",
    "WebClient": r"retrieve|exchange\w*",
    "HttpClient": r"send|sendAsync|execute",
    "CloseableHttpClient": r"execute",
    "OkHttpClient": r"execute|enqueue",
    "APIRequestContext": r"get|post|put|patch|delete|fetch|head",
}
"""Their classes, with the methods that send a request."""
_STATIC = {"Unirest": r"as\w+", "Request": r"execute"}
_STATIC_START = re.compile(r"(?i:get|post|put|patch|delete|head|options)\Z")
_ANSWERS = frozenset(
    {"ResponseEntity", "HttpResponse", "CloseableHttpResponse", "MvcResult", "ResultActions"}
    | {"APIResponse"}
)


def is_foreign(declared: str) -> bool:
    """Whether a variable of this type holds the answer of another client than REST Assured."""
    return declared.partition("<")[0].rpartition(".")[2] in _ANSWERS


def link(context: Context, client: Client, link: Link) -> Value:
    """What a method of such a client gives: the answer of a foreign call, or the client."""
    sends = CLIENTS.get(client.type) or _STATIC.get(client.type, "")
    if not re.fullmatch(sends, link.name):
        return client
    draft = context.recorder.open_call("", Route(""), link.span, unresolved=FOREIGN)
    return Unknown(draft.id)


def static_call(context: Context, receiver: str, link: Link) -> Value | None:
    """`Unirest.get(url)`: the beginning of a foreign request."""
    del context
    is_start = receiver in _STATIC and _STATIC_START.match(link.name)
    return Client(receiver) if is_start else None


def asserts(name: str) -> bool:
    """Whether a method of a foreign answer asserts something."""
    return bool(re.match(r"(?:andExpect|expect(?:Status|Header|Body|Cookie)|jsonPath)", name))
