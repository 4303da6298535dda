"""pygls' protocol with its faults repaired: every request gets exactly one answer, cancelling
cancels, nothing leaks, and no traceback or path of ours reaches the client.

Each override says what pygls 2.1.1 does without it. All of them touch private names, hence the
pin `pygls<2.2`; tests/server/test_protocol.py runs each of them against the unpatched class too.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import logging
import uuid
from collections.abc import Callable, Generator
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING, Any

from lsprotocol import converters, types
from pygls.constants import ATTR_EXECUTE_IN_THREAD
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcRequestCancelled,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import (
    JsonRPCNotification,
    JsonRPCRequestMessage,
    JsonRPCResponseMessage,
    LanguageServerProtocol,
    lsp_method,
)
from pygls.protocol.language_server import _prepare_command_arguments

from pe4king_core.model.message import Message, language_of
from pe4king_server.lsp.documents import LspWorkspace

if TYPE_CHECKING:
    from cattrs import Converter
    from pygls.protocol.json_rpc import MessageCallback, MessageHandler, MsgId

_logger = logging.getLogger(__name__)

_INTERNAL_ERROR = Message(
    en="Pe4King ran into an internal error. The server's log has the details.",
    ru="В Pe4King произошла внутренняя ошибка. Подробности в журнале сервера.",
)


def converter() -> Converter:
    """A converter that leaves the payload of custom messages as plain dicts and lists.

    pygls makes named tuples of them and renames every key that is no Python name; it also gives
    no answer to a custom request that has no `params`.
    """
    result = converters.get_converter()
    # A parameter annotated `object` takes any JSON value; cattrs knows only `Any` for that.
    result.register_structure_hook_func(lambda kind: kind is object, lambda value, _: value)
    result.register_structure_hook(
        JsonRPCRequestMessage,
        lambda data, kind: kind(data["id"], data["method"], data["jsonrpc"], data.get("params")),
    )
    result.register_structure_hook(
        JsonRPCResponseMessage,
        lambda data, kind: kind(data["id"], data["jsonrpc"], data.get("result")),
    )
    result.register_structure_hook(
        JsonRPCNotification,
        lambda data, kind: kind(data["method"], data["jsonrpc"], data.get("params")),
    )
    return result


class Pe4KingProtocol(LanguageServerProtocol):
    """The protocol object of every server of ours."""

    locale: str | None = None
    """The language of the client's user interface, once it said so in `initialize`."""

    @property
    def workspace(self) -> LspWorkspace:
        """The workspace; pygls offers no way to choose its class, so ours replaces it here."""
        workspace = super().workspace
        if not isinstance(workspace, LspWorkspace):
            workspace = self._workspace = LspWorkspace.of(workspace)
        return workspace

    # Life cycle

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """Keep the locale, and advertise `workspace/textDocumentContent`, which pygls forgets."""
        self.locale = params.locale
        result = yield from super().lsp_initialize(params)
        content = self.fm.feature_options.get(types.WORKSPACE_TEXT_DOCUMENT_CONTENT)
        if content is not None and result.capabilities.workspace is not None:
            result.capabilities.workspace.text_document_content = content
        return result

    @lsp_method(types.SHUTDOWN)
    def lsp_shutdown(self, *args: object) -> Generator[Any, Any, None]:
        """Cancel what runs, looking at a copy: a cancelled future leaves the dictionary at once.

        pygls answers with "dictionary changed size during iteration" and never shuts down.
        """
        if (user_handler := self.fm.features.get(types.SHUTDOWN)) is not None:
            yield user_handler, args, None
        for msg_id, future in tuple(self._request_futures.items()):
            if msg_id != self.msg_id:
                future.cancel()
        self._shutdown = True

    # Commands

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: types.ExecuteCommandParams
    ) -> Any:
        """Run a command as one coroutine, so that cancelling the request cancels the command.

        pygls answers "cancelled" and lets the command run on. Absent arguments count as none.
        """
        handler = self.fm.commands.get(params.command)
        if handler is None:
            raise JsonRpcInvalidParams(f"Command name {params.command!r} is not defined")
        given = types.ExecuteCommandParams(command=params.command, arguments=params.arguments or ())
        try:
            args, kwargs = _prepare_command_arguments(handler, given, self._converter)
        except Exception as error:
            raise JsonRpcInvalidParams.of(error) from error
        call = partial(handler, *args, **kwargs)
        if getattr(handler, ATTR_EXECUTE_IN_THREAD, False):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._server.thread_pool, call)
        result = call()
        return await result if inspect.isawaitable(result) else result

    # Requests and notifications of the client

    def structure_message(self, data: dict[str, Any]) -> dict[str, Any]:
        """Leave each JSON object as it is; `handle_message` structures the whole message.

        pygls calls this for nested objects too and takes any with a "jsonrpc" key for a message.
        """
        return data

    def handle_message(self, message: Any) -> None:
        """Answer what cannot be served here; hand the rest on with its types.

        pygls serves requests before `initialize`, is silent after `shutdown`, and gives no answer
        to malformed params.
        """
        if not isinstance(message, dict) or message.get("jsonrpc") != self.VERSION:
            _logger.warning("Ignoring what is not a JSON-RPC 2.0 message")
            self._refuse(None, JsonRpcInvalidRequest())
            return
        msg_id, method = message.get("id"), message.get("method")
        if method is not None and (refusal := self._refusal(method)) is not None:
            _logger.info("Refusing %s: %s", method, refusal.message)
            if msg_id is not None:
                self._refuse(msg_id, refusal)
            return
        try:
            structured = super().structure_message(message)
        except JsonRpcException as error:
            self._malformed(msg_id, method, error)
        else:
            super().handle_message(structured)

    def _refusal(self, method: object) -> JsonRpcException | None:
        if method == types.EXIT:
            return None
        if self._shutdown:
            return JsonRpcInvalidRequest("The server is shutting down")
        initialized = self._workspace is not None
        if method == types.INITIALIZE:
            return JsonRpcInvalidRequest("Already initialized") if initialized else None
        return None if initialized else JsonRpcServerNotInitialized()

    def _malformed(self, msg_id: MsgId | None, method: str | None, error: Exception) -> None:
        if method is None and msg_id is not None:
            malformed = JsonRpcInvalidRequest("The client's answer is malformed")
            self._handle_response(msg_id, error=malformed.to_response_error())
        elif msg_id is not None:
            self._refuse(msg_id, JsonRpcInvalidParams(f"Invalid params of {method}"))
        else:
            _logger.warning("Ignoring malformed notification %s: %s", method, error.__cause__)

    def _refuse(self, msg_id: MsgId | None, error: JsonRpcException) -> None:
        self._send_data(types.ResponseErrorMessage(id=msg_id, error=error.to_response_error()))

    def _execute_handler(
        self,
        msg_id: MsgId,
        handler: MessageHandler,
        callback: MessageCallback,
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """Forget the handler's future when it is done; pygls keeps one per notification."""

        def done(future: Future[Any]) -> None:
            self._request_futures.pop(msg_id, None)
            callback(future)

        super()._execute_handler(msg_id, handler, done, args, kwargs)

    def _send_handler_result(self, future: Future[Any], *, msg_id: MsgId) -> None:
        """Answer a request; an exception that nobody expected stays in our log.

        pygls sends its traceback, with absolute paths, to the client.
        """
        if future.cancelled():
            self._refuse(msg_id, JsonRpcRequestCancelled())
        elif (error := future.exception()) is None:
            self._send_response(msg_id, result=future.result())
        elif isinstance(error, JsonRpcException):
            _logger.info("Request %r failed: %s", msg_id, error)
            self._refuse(msg_id, error)
        else:
            _logger.error("Request %r failed", msg_id, exc_info=error)
            self._refuse(msg_id, self._internal_error())

    def _internal_error(self) -> JsonRpcException:
        return JsonRpcInternalError(_INTERNAL_ERROR.text(language_of(self.locale)))

    # Requests to the client

    def send_request(
        self,
        method: str,
        params: Any | None = None,
        callback: Callable[[Any], None] | None = None,
        msg_id: MsgId | None = None,
    ) -> Future[Any]:
        """Tell the client when we stop waiting; pygls leaves its dialog open for a dead request."""
        msg_id = str(uuid.uuid4()) if msg_id is None else msg_id
        try:
            future = super().send_request(method, params, callback, msg_id)
        except Exception:
            self._forget_request(msg_id)
            raise

        def withdraw(future: Future[Any]) -> None:
            if future.cancelled() and self._forget_request(msg_id):
                self.notify(types.CANCEL_REQUEST, types.CancelParams(id=msg_id))

        future.add_done_callback(withdraw)
        return future

    def _forget_request(self, msg_id: MsgId) -> bool:
        self._result_types.pop(msg_id, None)
        return self._request_futures.pop(msg_id, None) is not None

    def _handle_response(
        self,
        msg_id: MsgId,
        result: Any | None = None,
        error: types.ResponseError | None = None,
    ) -> None:
        """Take an answer, unless it comes too late; pygls shows the user an InvalidStateError."""
        self._result_types.pop(msg_id, None)
        future = self._request_futures.get(msg_id)
        if future is None or future.done():
            _logger.debug("The answer to %r came too late", msg_id)
            return
        super()._handle_response(msg_id, result, error)

    # Writing

    def _send_data(self, data: Any) -> None:
        """Write one message; an answer that is no JSON becomes an error answer.

        pygls sends nothing then, and NaN as it is, so the client waits for ever. What we ask the
        client must be JSON: a TypeError or ValueError goes to the caller.
        """
        try:
            body = self._serialise(data)
        except Exception:
            if not isinstance(data, (JsonRPCResponseMessage, types.ResponseErrorMessage)):
                raise
            _logger.exception("The answer to %r is not JSON", data.id)
            error = self._internal_error().to_response_error()
            body = self._serialise(types.ResponseErrorMessage(id=data.id, error=error))
        self._write(body)

    def _serialise(self, data: Any) -> str:
        return json.dumps(data, default=self._serialize_message, allow_nan=False)

    def _serialize_message(self, data: Any) -> Any:
        # pygls would send the attributes of any object whatever.
        if not hasattr(data, "__attrs_attrs__"):
            raise TypeError(f"{type(data).__name__} is not JSON")
        return self._converter.unstructure(data)

    def _write(self, body: str) -> None:
        if self.writer is None:
            _logger.error("Unable to send: there is no connection")
            return
        # `json.dumps` escapes to ASCII, so characters are bytes.
        header = f"Content-Length: {len(body)}\r\n\r\n" if self._include_headers else ""
        try:
            self.writer.write((header + body).encode(self.CHARSET))
        except (OSError, ValueError):
            # The client is gone; the end of its stream, which we read, will end the server.
            _logger.info("Unable to send: the client closed the connection")
