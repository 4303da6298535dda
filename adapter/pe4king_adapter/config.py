"""Which model to ask and how: from settings, environment and `.env` to one checked value.

Precedence of every entry: settings, then the environment (`LLM_API_KEY`, `LLM_BASE_URL`,
`LLM_MODEL`), then `.env`. `USE_REAL_LLM=false` switches the model off whatever else is set.

Settings carry their source because a workspace is somebody else's text: what decides where a
key travels (endpoint, proxy, certificates, headers) must not come from there while the key is
the user's. A `.env` file may name an endpoint only for a key of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from pe4king_adapter.config_values import (
    SECTION,
    Setting,
    Source,
    choice_error,
    header_map,
    number,
    text,
    unknown_key_error,
    whole_number,
)
from pe4king_adapter.dotenv import read_dotenv
from pe4king_adapter.endpoint import Endpoint
from pe4king_adapter.errors import ConfigError
from pe4king_adapter.secret import SecretValue
from pe4king_core.model.message import Message

DEFAULT_TYPE = "openai-compatible"
DEFAULT_ENDPOINT = "https://dashscope-intl.aliyuncs.com/compatible-mode/v1"
DEFAULT_MODEL = "qwen3-coder-480b-a35b-instruct"
OFFLINE = "offline"

KEYS = (
    "type",
    "endpoint",
    "model",
    "api_key_ref",
    "timeout",
    "max_tokens",
    "temperature",
    "seed",
    "custom_headers",
    "proxy",
    "ca_bundle",
)
_ROUTE_KEYS = ("endpoint", "proxy", "ca_bundle", "custom_headers")
_ENVIRONMENT = {"LLM_BASE_URL": "endpoint", "LLM_MODEL": "model"}
_REFERENCE = re.compile(r"(?P<kind>env|keyring):(?P<name>[A-Za-z0-9_.\-]{1,100})")
_YES_NO = {
    "true": True, "1": True, "yes": True, "on": True,
    "false": False, "0": False, "no": False, "off": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LlmProviderConfig:
    """Everything a provider needs. `timeout` (seconds) covers one call with all its attempts.

    `api_key` is there where the key is known already; for `keyring:` references it is read
    from the keychain at the first call, bound to the endpoint's origin.
    """

    endpoint: Endpoint
    type: str = DEFAULT_TYPE
    model: str = DEFAULT_MODEL
    api_key_ref: str = ""
    api_key: SecretValue | None = None
    timeout: float = 120.0
    max_tokens: int | None = None
    temperature: float | None = None
    seed: int | None = None
    custom_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    proxy: str | None = field(default=None, repr=False)
    ca_bundle: str | None = None


@dataclass(frozen=True, slots=True)
class _Key:
    reference: str
    value: SecretValue | None
    source: Source
    from_dotenv: bool = False


def provider_config(
    settings: Mapping[str, Setting],
    environ: Mapping[str, str],
    dotenv_text: str | None = None,
) -> LlmProviderConfig | None:
    """The configured provider, or None where none is configured or it is switched off.

    Raises ConfigError, which names section, key and value (never a key's value).
    """
    given = {name: setting for name, setting in settings.items() if not setting.empty}
    for name in given:
        if name not in KEYS:
            raise unknown_key_error(name, KEYS)
    dotenv = read_dotenv(dotenv_text or "")
    if not _wanted(environ, dotenv) or _is_offline(given.get("type")):
        return None
    key = _key(given.get("api_key_ref"), environ, dotenv)
    entries = _with_environment(given, environ, dotenv, key)
    if key is None and "endpoint" not in entries:
        return None
    _check_route(entries, key)
    config = _config(entries, key)
    _check_transport(config, key)
    return config


def _wanted(environ: Mapping[str, str], dotenv: Mapping[str, str]) -> bool:
    section, values = ("environment", environ) if environ.get("USE_REAL_LLM") else (".env", dotenv)
    value = values.get("USE_REAL_LLM", "").strip()
    if not value:
        return True
    wanted = _YES_NO.get(value.lower())
    if wanted is None:
        raise choice_error(section, "USE_REAL_LLM", value, ("true", "false"))
    return wanted


def _is_offline(setting: Setting | None) -> bool:
    return setting is not None and setting.value == OFFLINE


def _key(
    reference: Setting | None, environ: Mapping[str, str], dotenv: Mapping[str, str]
) -> _Key | None:
    if reference is not None:
        return _referenced_key(reference, environ)
    if value := environ.get("LLM_API_KEY", "").strip():
        secret = SecretValue.parse(value, "environment", "LLM_API_KEY")
        return _Key("env:LLM_API_KEY", secret, Source.ENVIRONMENT)
    if value := dotenv.get("LLM_API_KEY", "").strip():
        secret = SecretValue.parse(value, ".env", "LLM_API_KEY")
        return _Key("", secret, Source.WORKSPACE, from_dotenv=True)
    return None


def _referenced_key(setting: Setting, environ: Mapping[str, str]) -> _Key:
    match = _REFERENCE.fullmatch(setting.value) if isinstance(setting.value, str) else None
    if match is None:
        raise ConfigError(
            Message(
                f"{SECTION}.api_key_ref holds something that is not a reference to a key.",
                f"В {SECTION}.api_key_ref стоит не ссылка на ключ.",
            ),
            section=SECTION,
            key="api_key_ref",
            next_step=Message(
                "Write env:NAME or keyring:NAME; keys themselves never stand in settings.",
                "Укажите env:ИМЯ или keyring:ИМЯ; сам ключ в настройках не хранится.",
            ),
            code="config-key-reference",
        )
    if match["kind"] == "keyring":
        return _Key(match[0], None, setting.source)
    if setting.source is Source.WORKSPACE:
        raise _workspace_error("api_key_ref")
    value = environ.get(match["name"], "").strip()
    if not value:
        raise _unset_error(match["name"])
    return _Key(match[0], SecretValue.parse(value, "environment", match["name"]), setting.source)


def _unset_error(name: str) -> ConfigError:
    return ConfigError(
        Message(
            f"{SECTION}.api_key_ref names the environment variable {name}, which is not set.",
            f"{SECTION}.api_key_ref ссылается на переменную окружения {name}, а она не задана.",
        ),
        section=SECTION,
        key="api_key_ref",
        next_step=Message(
            "Set it and restart the editor, or store the key in the keychain.",
            "Задайте её и перезапустите редактор или сохраните ключ в системном хранилище.",
        ),
        code="config-key-missing",
    )


def _with_environment(
    given: Mapping[str, Setting],
    environ: Mapping[str, str],
    dotenv: Mapping[str, str],
    key: _Key | None,
) -> dict[str, Setting]:
    entries = dict(given)
    for variable, name in _ENVIRONMENT.items():
        if value := environ.get(variable, "").strip():
            setting = Setting(value, Source.ENVIRONMENT, "environment", variable)
            entries.setdefault(name, setting)
        endpoint_allowed = key is not None and key.from_dotenv
        if (value := dotenv.get(variable, "").strip()) and (name != "endpoint" or endpoint_allowed):
            entries.setdefault(name, Setting(value, Source.WORKSPACE, ".env", variable))
    return entries


def _check_route(entries: Mapping[str, Setting], key: _Key | None) -> None:
    if key is None or key.source is Source.WORKSPACE:
        return
    for name in _ROUTE_KEYS:
        if name in entries and entries[name].source is Source.WORKSPACE:
            raise _workspace_error(name)


def _workspace_error(name: str) -> ConfigError:
    return ConfigError(
        Message(
            f"The workspace sets {SECTION}.{name}, but the key is yours: it is not sent there.",
            f"{SECTION}.{name} задан в рабочей области, а ключ ваш: он туда не отправляется.",
        ),
        section=SECTION,
        key=name,
        next_step=Message(
            f"If you trust it, move {name} to your user settings.",
            f"Если вы доверяете этому значению, перенесите {name} в пользовательские настройки.",
        ),
        code="config-workspace-route",
    )


def _config(entries: Mapping[str, Setting], key: _Key | None) -> LlmProviderConfig:
    default = Setting(DEFAULT_ENDPOINT, Source.USER)
    return LlmProviderConfig(
        endpoint=Endpoint.parse(entries.get("endpoint", default), "endpoint"),
        type=text(entries, "type") or DEFAULT_TYPE,
        model=text(entries, "model") or DEFAULT_MODEL,
        api_key_ref=key.reference if key else "",
        api_key=key.value if key else None,
        timeout=number(entries, "timeout", 0.05, 3600) or 120.0,
        max_tokens=whole_number(entries, "max_tokens", 1, 10_000_000),
        temperature=number(entries, "temperature", 0, 2),
        seed=whole_number(entries, "seed", -(2**63), 2**63 - 1),
        custom_headers=header_map(entries, "custom_headers"),
        proxy=text(entries, "proxy"),
        ca_bundle=text(entries, "ca_bundle"),
    )


def _check_transport(config: LlmProviderConfig, key: _Key | None) -> None:
    if key is None or config.endpoint.protects_keys:
        return
    raise ConfigError(
        Message(
            f"The endpoint {config.endpoint.origin} is not encrypted: no key is sent there.",
            f"Адрес {config.endpoint.origin} без шифрования: ключ туда не отправляется.",
        ),
        section=SECTION,
        key="endpoint",
        next_step=Message(
            "Use https://, or remove the key.", "Используйте https:// или уберите ключ."
        ),
        code="config-endpoint-insecure",
    )
