"""What Python tests of an API may use. Everything else of the standard library is refused."""

from __future__ import annotations

import sys

FREE = frozenset(
    {
        *("__future__", "abc", "base64", "calendar", "cmath", "collections", "colorsys"),
        *("contextlib", "copy", "csv", "dataclasses", "datetime", "decimal", "difflib", "enum"),
        *("fractions", "functools", "hashlib", "heapq", "bisect", "hmac", "html", "ipaddress"),
        *("itertools", "json", "math", "numbers", "operator", "pprint", "random", "re", "secrets"),
        *("statistics", "string", "textwrap", "time", "typing", "unicodedata", "unittest", "uuid"),
        *("warnings", "zoneinfo", "zlib", "keyword"),
    }
)
"""Modules of the standard library that only compute."""

ONLY: dict[str, frozenset[str]] = {
    "os": frozenset({"environ", "getenv"}),
    "io": frozenset({"BytesIO", "StringIO"}),
    "sys": frozenset({"version_info", "maxsize", "float_info"}),
    "types": frozenset({"SimpleNamespace", "MappingProxyType"}),
    "http": frozenset({"HTTPStatus", "HTTPMethod"}),
    "logging": frozenset(
        {"getLogger", "basicConfig", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL", "Logger"}
        | {"debug", "info", "warning", "error"}
    ),
    "asyncio": frozenset(
        {"run", "sleep", "gather", "wait_for", "timeout", "TimeoutError", "Semaphore"}
        | {"create_task", "TaskGroup"}
    ),
    "urllib": frozenset({"parse", "error", "request"}),
    "urllib.request": frozenset({"urlopen", "Request"}),
    "urllib.parse": frozenset(
        {"quote", "quote_plus", "unquote", "unquote_plus", "urlencode", "urljoin", "urlparse"}
        | {"urlsplit", "urlunparse", "urlunsplit", "parse_qs", "parse_qsl"}
    ),
    "email": frozenset({"utils"}),
    "email.utils": frozenset(
        {"parsedate_to_datetime", "format_datetime", "parsedate", "formatdate", "parseaddr"}
    ),
    "xml": frozenset({"etree"}),
    "xml.etree": frozenset({"ElementTree"}),
    "xml.etree.ElementTree": frozenset(
        {"fromstring", "tostring", "XML", "Element", "SubElement", "ParseError"}
    ),
    "yaml": frozenset({"safe_load", "safe_load_all", "safe_dump", "YAMLError"}),
}
"""Modules with sharp edges, and what may be used of them."""

LIBRARIES = frozenset(
    {
        *("pytest", "pytest_asyncio", "pytest_check", "pytest_subtests", "anyio", "trio"),
        *("httpx", "requests", "aiohttp", "urllib3", "requests_toolbelt", "niquests"),
        *("starlette", "fastapi", "flask", "werkzeug", "django", "rest_framework"),
        *("allure", "allure_commons", "assertpy", "hamcrest", "expects", "sure", "grappa"),
        *("jsonschema", "jsonschema_rs", "pydantic", "pydantic_core", "cerberus", "marshmallow"),
        *("voluptuous", "schema", "fastjsonschema", "attr", "attrs", "msgspec", "typeguard"),
        *("typing_extensions", "annotated_types", "dirty_equals", "deepdiff", "jmespath"),
        *("jsonpath_ng", "dateutil", "pytz", "tzdata", "arrow", "pendulum", "freezegun"),
        *("faker", "hypothesis", "schemathesis", "tenacity", "polyfactory", "factory"),
        *("email_validator", "rfc3339_validator", "ujson", "orjson", "simplejson", "yaml"),
        *("jsonpath_rw", "openapi_core", "openapi_schema_validator", "softest", "delayed_assert"),
    }
)
"""Libraries that tests of an API are written with."""

EXCEPT = frozenset(
    {
        *("pytest.main", "pytest.console_main", "pytest.MonkeyPatch", "pytest.Pytester"),
        *("pytest.register_assert_rewrite", "pytest.hookimpl", "pytest.hookspec"),
        *("unittest.mock.patch", "unittest.TestLoader", "unittest.defaultTestLoader"),
        *("typing.get_type_hints", "typing.ForwardRef", "typing.evaluate_forward_ref"),
        *("typing_extensions.get_type_hints", "typing_extensions.evaluate_forward_ref"),
        *("functools.singledispatch", "functools.cached_property", "dataclasses.make_dataclass"),
        *("allure.attach.file", "pydantic.ImportString", "pydantic.PyObject"),
        *("pydantic.create_model", "pydantic.TypeAdapter.rebuild", "pydantic.FilePath"),
        *("operator.methodcaller", "operator.attrgetter", "contextlib.redirect_stdout"),
        *("contextlib.redirect_stderr", "contextlib.chdir", "zlib.decompress"),
        *("zlib.decompressobj", "enum.sys", "urllib3.disable_warnings.sys"),
        *("requests.utils", "requests.compat", "requests.hooks", "requests.packages"),
        *("requests.sys", "jsonschema.RefResolver", "jsonschema.validators.RefResolver"),
        *("hypothesis.internal", "django.core.management", "django.utils.module_loading"),
        *("django.conf", "django.db", "werkzeug.utils", "werkzeug.debug", "werkzeug.serving"),
        *("flask.cli", "flask.send_file", "pydantic.v1", "pydantic.utils", "pydantic.deprecated"),
        *("asyncio.subprocess", "anyio.run_process", "anyio.open_process", "anyio.open_file"),
        *("anyio.to_thread", "anyio.from_thread", "anyio.to_process", "anyio.connect_tcp"),
        *("anyio.connect_unix", "anyio.Path", "trio.run_process", "trio.open_file", "trio.Path"),
        *("trio.open_tcp_stream", "aiohttp.TCPConnector.sys", "aiohttp.UnixConnector"),
        *("aiohttp.web", "csv.sys", "random.SystemRandom.sys"),
    }
) - {"pydantic.create_model", "functools.cached_property", "functools.singledispatch"}
"""Exceptions from FREE and LIBRARIES."""

SKIPPING = frozenset(
    {"pytest.skip", "pytest.xfail", "pytest.exit", "skip", "xfail"}
    | {"request.node.add_marker", "request.applymarker"}
)
"""What a fixture for all tests may not do: it switches all of them off."""

STANDARD = sys.stdlib_module_names
UNSAFE_MODULES = STANDARD - FREE - ONLY.keys() - {"unittest", "token", "code", "test", "this"}

PROGRAMS = frozenset({"subprocess", "os", "posix", "pty", "sys", "signal", "atexit", "resource"})
FILES = frozenset(
    {"pathlib", "shutil", "tempfile", "glob", "io", "fileinput", "zipfile", "tarfile", "gzip"}
    | {"bz2", "lzma", "shelve", "dbm", "sqlite3", "mmap", "linecache", "configparser", "os.path"}
)
NETWORK = frozenset(
    {"socket", "ssl", "ftplib", "smtplib", "poplib", "imaplib", "telnetlib", "xmlrpc"}
    | {"socketserver", "http", "urllib", "select", "selectors", "webbrowser", "nntplib"}
)
THREADS = frozenset(
    {"threading", "multiprocessing", "concurrent", "asyncio", "_thread", "sched", "queue"}
)

BUILTINS_REFUSED = frozenset(
    {
        *("eval", "exec", "compile", "__import__", "globals", "locals", "vars", "breakpoint"),
        *("setattr", "delattr", "memoryview", "__builtins__", "__loader__", "__spec__"),
        *("__build_class__",),
    }
)
BUILTINS_FILES = frozenset({"open"})
BUILTINS_PROGRAMS = frozenset({"exit", "quit", "input", "help", "SystemExit", "KeyboardInterrupt"})

ATTRIBUTES = frozenset(
    {
        *("gi_frame", "gi_code", "cr_frame", "cr_code", "ag_frame", "ag_code", "tb_frame"),
        *("tb_next", "f_globals", "f_locals", "f_builtins", "f_back", "f_code", "func_globals"),
        *("func_code", "co_code", "co_consts", "mro", "import_module", "load_module"),
        *("exec_module", "import_string", "run_path", "run_module", "getattr_static"),
        *("pluginmanager", "import_plugin", "consider_module", "import_from_string"),
        *("parse_raw", "parse_file", "eval", "exec", "get_type_hints", "ImportString"),
        *("ForwardRef", "syspath_prepend", "setattr", "delattr", "setitem", "delitem"),
        *("_getframe", "settrace", "setprofile", "rebuild_auth"),
    }
)
"""Attributes that lead to code or change it, whatever they are read from."""
ATTRIBUTES_PROGRAMS = frozenset(
    {"system", "popen", "Popen", "check_output", "check_call", "spawnl", "spawnv", "execv"}
    | {"execve", "execl", "execlp", "execvp", "fork", "forkpty", "killpg", "_exit", "abort"}
    | {"create_subprocess_exec", "create_subprocess_shell", "runpytest", "startfile"}
)
ATTRIBUTES_FILES = frozenset(
    {"write_text", "write_bytes", "read_text", "read_bytes", "unlink", "rmdir", "mkdir"}
    | {"symlink_to", "hardlink_to", "chmod", "rmtree", "iterdir", "glob", "rglob", "makedirs"}
    | {"rename_to", "touch", "copyfile", "copytree", "tofile", "urlretrieve", "retrieve"}
)
MODULE_NAMES = frozenset(
    {"os", "sys", "subprocess", "builtins", "importlib", "socket", "shutil", "ctypes", "pathlib"}
    | {"pickle", "marshal", "inspect", "threading", "multiprocessing", "signal", "runpy", "gc"}
)
"""Modules that other modules happen to have as attributes."""

DUNDERS_READ = frozenset({"__name__", "__doc__", "__qualname__", "__init__", "__version__"})
DUNDERS_WRITTEN = frozenset(
    {
        *("__init__", "__repr__", "__str__", "__enter__", "__exit__", "__aenter__", "__aexit__"),
        *("__len__", "__iter__", "__hash__", "__post_init__", "__call__", "__contains__"),
        *("__getitem__", "__test__", "__slots__", "__tracebackhide__", "__next__", "__aiter__"),
        *("__anext__", "__lt__", "__match_args__", "__all__", "__version__", "__author__"),
        *("__hash__", "__bool__"),
    }
)
"""Special names that a class or module may define."""

HOOKS = frozenset(
    {"pytest_configure", "pytest_report_header", "pytest_addoption", "pytest_generate_tests"}
    | {"pytest_plugins", "pytest_make_parametrize_id"}
)
"""Hooks of pytest that neither run nor judge tests."""

LOAD_BEARING = frozenset(
    {"len", "isinstance", "all", "any", "sorted", "set", "str", "int", "float", "bool", "list"}
    | {"dict", "tuple", "print", "sum", "abs", "round", "zip", "enumerate", "getattr", "hasattr"}
    | {"AssertionError", "Exception", "BaseException", "TypeError", "KeyError", "ValueError"}
    | {"issubclass", "callable", "range", "repr", "super", "property", "staticmethod"}
)
"""Built-ins that assertions lean on: a module that redefines them changes what they check."""

PATCHING = frozenset({"monkeypatch", "mocker", "module_mocker", "session_mocker", "class_mocker"})
FOLDERS = frozenset({"tmp_path", "tmp_path_factory", "tmpdir", "tmpdir_factory"})
PYTEST_ITSELF = frozenset({"pytester", "testdir"})
