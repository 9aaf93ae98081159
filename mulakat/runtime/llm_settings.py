"""How a language model is called: read from the environment, prefix `MULAKAT_LLM_`.

Which model, where, and with which key stand in `OPENAI_MODEL`, `OPENAI_BASE_URL` and
`OPENAI_API_KEY`. `docs/settings.md` lists all of them; made from these classes by `make docs`.
"""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from mulakat.schema.errors import BadInput


class RequestLimits(BaseModel):
    """Limits, waits and prices.

    All but `seed` and `sensitivity` change no rating, so they are left out of dumps and fingerprints.
    """

    concurrency: int = Field(
        5,
        ge=1,
        le=100,
        exclude=True,
        description="Requests to the language model at once, on one machine; also the slots of Airflow's pool `llm`",
    )
    timeout_s: float = Field(60.0, gt=0, exclude=True, description="Longest wait for one reply, in seconds")
    retries: int = Field(
        5,
        ge=0,
        exclude=True,
        description="How often a call is made again after trouble that passes: after 0.5, 1, 2, 4 and 8 seconds, or as "
        "long as the endpoint asks, up to two minutes",
    )
    seed: int = Field(7, description="Handed to the language model; part of a rating's fingerprint")
    sensitivity: bool = Field(
        True, description="Rate harmless changes of each answer too, with up to four more requests for each"
    )
    input_price: float | None = Field(None, ge=0, exclude=True, description="Price of a million tokens sent")
    output_price: float | None = Field(None, ge=0, exclude=True, description="Price of a million tokens received")
    currency: str = Field("USD", pattern="^[A-Z]{3}$", exclude=True, description="Currency of the prices (ISO 4217)")

    @model_validator(mode="after")
    def _both_prices(self) -> Self:
        if (self.input_price is None) != (self.output_price is None):
            raise ValueError("a cost needs both prices, INPUT_PRICE and OUTPUT_PRICE; give both or neither")
        return self


class ModelSettings(RequestLimits, BaseSettings):
    """`RequestLimits`, from the environment."""

    model_config = SettingsConfigDict(env_prefix="MULAKAT_LLM_", env_ignore_empty=True, frozen=True, extra="ignore")


def model_settings() -> ModelSettings:
    """The settings as the environment has them now.

    Raises:
        BadInput: one of them cannot be used; names it and quotes its value.
    """
    try:
        return ModelSettings()
    except ValidationError as error:
        raise BadInput("; ".join(map(_describe, error.errors()))) from None


def _describe(error: ErrorDetails) -> str:
    if not error["loc"]:  # about several
        return f"MULAKAT_LLM_…: {error['msg'].removeprefix('Value error, ')}"
    return f"MULAKAT_LLM_{str(error['loc'][0]).upper()}: {error['msg']}, got {error['input']!r}"
