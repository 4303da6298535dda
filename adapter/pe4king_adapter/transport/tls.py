"""Encryption: whom we trust, who we are, and what a failed handshake means."""

from __future__ import annotations

import functools
import ssl

from pe4king_adapter.config import LlmProviderConfig
from pe4king_adapter.problems import Context, Problem, llm_error

_STALE = frozenset({9, 10, 62, 64})
"""OpenSSL's words for a certificate that is not yet or no longer valid, or for another host."""
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"})
"""What it says where the other side answered in plain text."""


def tls_of(config: LlmProviderConfig, context: Context) -> ssl.SSLContext:
    """How to speak to the endpoint of `config`; LlmError where a file of its is of no use."""
    if config.endpoint.scheme == "http":
        return no_tls()
    try:
        tls_context(config.ca_bundle)
    except OSError:
        wrong = f"ca_bundle ({config.ca_bundle})"
    else:
        try:
            return tls_context(config.ca_bundle, config.client_cert, config.client_key)
        except OSError:
            wrong = f"client_cert ({config.client_cert})"
    raise llm_error(Problem.CERTIFICATE_FILE, context, detail=[wrong])


@functools.cache
def tls_context(
    ca_bundle: str | None, client_cert: str | None = None, client_key: str | None = None
) -> ssl.SSLContext:
    """The system's trust store plus `ca_bundle`, and the certificate that says who we are.

    Made once, as it costs more than a request. Raises OSError where a file cannot be used.
    """
    context = ssl.create_default_context()
    if ca_bundle:
        context.load_verify_locations(ca_bundle)
    if client_cert:
        context.load_cert_chain(client_cert, client_key, password=_no_password)
    return context


def _no_password() -> str:
    """Without this an encrypted client key would make OpenSSL ask on the terminal."""
    raise ssl.SSLError("the client's key is encrypted")


def no_tls() -> ssl.SSLContext:
    """A context that is never used, made in no time: the library wants one for `http://` too."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def tls_problem(error: ssl.SSLError) -> Problem:
    """What `error` means for who set it up."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Problem.TLS_STALE if error.verify_code in _STALE else Problem.TLS
    return Problem.NO_TLS if error.reason in _NO_TLS else Problem.BROKEN
