"""The stable codes of everything that can go wrong with a call to a model."""

from __future__ import annotations

from enum import StrEnum


class Problem(StrEnum):
    """Stable codes of `LlmError`."""

    REFUSED = "llm-connection-refused"
    NO_HOST = "llm-host-unknown"
    TLS = "llm-certificate"
    TLS_STALE = "llm-certificate-wrong"
    NO_TLS = "llm-no-tls"
    CERTIFICATE_FILE = "llm-certificate-file"
    BROKEN = "llm-connection-broken"
    NOT_ENCRYPTED = "llm-not-encrypted"
    PROXY = "llm-proxy"
    SERVER = "llm-server-error"
    REDIRECT = "llm-redirect"
    TIMEOUT = "llm-timeout"
    KEY_MISSING = "llm-key-missing"
    KEY_REFUSED = "llm-key-refused"
    FORBIDDEN = "llm-forbidden"
    KEYCHAIN = "llm-keychain"
    RATE_LIMIT = "llm-rate-limit"
    OVERLOADED = "llm-overloaded"
    QUOTA = "llm-quota"
    NOT_JSON = "llm-answer-not-json"
    WEB_PAGE = "llm-answer-web-page"
    NO_ANSWER = "llm-answer-empty"
    UNREADABLE = "llm-answer-unreadable"
    TOO_LARGE = "llm-answer-too-large"
    TRUNCATED = "llm-answer-truncated"
    STREAM_CUT = "llm-stream-cut"
    FILTERED = "llm-content-filter"
    DECLINED = "llm-declined"
    MODEL_UNKNOWN = "llm-model-unknown"
    ADDRESS_UNKNOWN = "llm-address-unknown"
    CONTEXT_LENGTH = "llm-context-length"
    BAD_REQUEST = "llm-bad-request"
    PLUGIN = "llm-plugin-broken"
    CANCELLED = "llm-cancelled"
