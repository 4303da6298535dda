"""What is known of libraries by their names alone: which send requests, which never do."""

from __future__ import annotations

import sys

HTTP_ROOTS = frozenset(
    {"requests", "httpx", "aiohttp", "fastapi", "starlette", "flask", "werkzeug", "django"}
    | {
        "webtest",
        "rest_framework",
        "requests_toolbelt",
        "pytest_httpx",
        "playwright",
        "async_asgi_testclient",
    }
)
_OTHERS = frozenset(
    {"pytest", "pydantic", "pydantic_settings", "hamcrest", "assertpy", "pytest_check", "allure"}
    | {"jsonschema", "faker", "mimesis", "attr", "attrs", "dotenv", "yarl", "tenacity", "backoff"}
    | {"redis", "sqlalchemy", "boto3", "mock", "factory", "freezegun", "yaml", "dateutil", "pytz"}
    | {"cachetools", "diskcache", "pymongo", "psycopg2", "hypothesis", "schema", "deepdiff"}
    | {"marshmallow", "voluptuous", "cerberus", "genson", "polyfactory", "loguru", "structlog"}
    | {"unittest", "asyncio", "anyio", "trio", "pytest_asyncio", "respx", "responses", "furl"}
    | {"requests_mock", "jsonpath_ng", "jmespath", "numpy", "pandas", "bs4", "lxml", "orjson"}
    | {"ujson", "simplejson", "dacite", "cattrs", "msgspec", "dirty_equals", "pytest_mock"}
    | {"memcache", "environs", "decouple", "omegaconf", "dynaconf", "starlette", "sure", "expects"}
)
_STANDARD = frozenset(sys.stdlib_module_names)


def is_library(root: str) -> bool:
    """Whether the module `root` is a known library, whatever files the workspace has."""
    return root in _STANDARD or root in _OTHERS or root in HTTP_ROOTS


def never_requests(root: str) -> bool:
    """Whether objects of the library `root` are no HTTP clients for certain."""
    return root not in HTTP_ROOTS and is_library(root)


CLIENTS = {
    "requests.Session": "requests",
    "requests.session": "requests",
    "requests.sessions.Session": "requests",
    "requests_toolbelt.sessions.BaseUrlSession": "requests",
    "requests_toolbelt.BaseUrlSession": "requests",
    "httpx.Client": "httpx",
    "httpx.AsyncClient": "httpx",
    "fastapi.testclient.TestClient": "fastapi",
    "starlette.testclient.TestClient": "starlette",
    "async_asgi_testclient.TestClient": "starlette",
    "rest_framework.test.APIClient": "rest_framework",
    "rest_framework.test.RequestsClient": "requests",
    "webtest.TestApp": "webtest",
    "django.test.Client": "django",
    "django.test.client.Client": "django",
    "django.test.AsyncClient": "django",
    "flask.testing.FlaskClient": "flask",
    "werkzeug.test.Client": "flask",
    "aiohttp.ClientSession": "aiohttp",
    "aiohttp.test_utils.TestClient": "aiohttp",
    "playwright.sync_api.APIRequestContext": "playwright",
    "playwright.async_api.APIRequestContext": "playwright",
}
"""Classes that send requests, and the kind of their client."""

CASES = {
    "rest_framework.test.APITestCase": "rest_framework",
    "rest_framework.test.APITransactionTestCase": "rest_framework",
    "rest_framework.test.APISimpleTestCase": "rest_framework",
    "django.test.TestCase": "django",
    "django.test.TransactionTestCase": "django",
    "django.test.SimpleTestCase": "django",
}
"""Base classes of tests that give them a client as `self.client`."""

VERBS = frozenset(["get", "post", "put", "patch", "delete", "head", "options"])

MODELS = frozenset(
    {"pydantic.BaseModel", "pydantic.main.BaseModel", "pydantic.RootModel", "sqlmodel.SQLModel"}
    | {"pydantic.v1.BaseModel", "pydantic.dataclasses.dataclass"}
)
SETTINGS = frozenset({"pydantic_settings.BaseSettings", "pydantic.BaseSettings"})
ENUMS = frozenset(
    {"enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag", "strenum.StrEnum", "enum.ReprEnum"}
)
