"""Which language model to ask, and how."""

from __future__ import annotations

import os
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator

from mulakat.runtime.llm_settings import RequestLimits, model_settings
from mulakat.schema.errors import BadInput, MulakatError
from mulakat.schema.rubric import Document, describe

DEFAULT_URL = "https://api.openai.com/v1"


class EndpointError(MulakatError):
    """The endpoint gave no usable rating; says why, never with the key."""


class Endpoint(RequestLimits, Document):
    """Where to ask. The key is left out of every dump, fingerprint and log."""

    base_url: str = Field(description=f"e.g. {DEFAULT_URL}")
    model: str = Field(min_length=1)
    api_key: SecretStr = Field(SecretStr("none"), exclude=True, repr=False)

    @field_validator("base_url")
    @classmethod
    def _plain_url(cls, value: str) -> str:
        url = urlsplit(value)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValueError("give an http:// or https:// address")
        if url.username or url.password or url.query:
            raise ValueError("put the key into OPENAI_API_KEY, not into the address")
        return value.rstrip("/")

    @field_validator("api_key")
    @classmethod
    def _fits_a_header(cls, value: SecretStr) -> SecretStr:
        key = value.get_secret_value()
        if not (key.isascii() and key.isprintable() and " " not in key):
            raise ValueError("a key has letters, digits and signs only; this one holds something else")
        return value

    @classmethod
    def from_environment(cls, model: str | None = None) -> Self | None:
        """The endpoint of `OPENAI_BASE_URL` and `OPENAI_API_KEY`; None when no model is named.

        Args:
            model: the model to ask; default: `OPENAI_MODEL`.

        Raises:
            BadInput: a setting cannot be used, or a model stands without address and key.
        """
        model = model or os.environ.get("OPENAI_MODEL")
        key, url = os.environ.get("OPENAI_API_KEY", "").strip(), os.environ.get("OPENAI_BASE_URL", "").strip()
        if not model:
            return None
        if not (key or url):
            raise BadInput(f"model {model!r} is named, but neither OPENAI_BASE_URL nor OPENAI_API_KEY is set")
        try:
            return cls(
                base_url=url or DEFAULT_URL,
                model=model,
                api_key=SecretStr(key or "none"),
                **dict(model_settings()),
            )
        except ValidationError as error:
            raise BadInput(_describe(error)) from None


def _describe(error: ValidationError) -> str:
    """What is wrong, without a key: an address may hold one, too."""
    first = error.errors()[0]
    if first["loc"] == ("api_key",):
        return f"OPENAI_API_KEY: {first['msg'].removeprefix('Value error, ')}"
    if "@" in str(first["input"]) or "?" in str(first["input"]):
        return f"OPENAI_BASE_URL: {first['msg'].removeprefix('Value error, ')}"
    return f"OPENAI_BASE_URL: {describe(error)}"
