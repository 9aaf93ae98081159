"""Settings, read once from the environment (prefix `MULAKAT_`).

`docs/settings.md` lists them all; made from this class by `make docs`.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where the servers are and what the platform may do. The embedded stack sets these itself."""

    model_config = SettingsConfigDict(env_prefix="MULAKAT_", frozen=True, extra="ignore")

    home: Path = Field(Path(".mulakat"), description="State of the embedded stack: data, logs, secrets")
    mongo_uri: str | None = Field(None, description="MongoDB to use instead of the embedded one")
    mongo_database: str = Field("mulakat", description="Name of the MongoDB database")
    redis_url: str | None = Field(None, description="Redis or Valkey to use instead of the embedded one")
    database_url: str | None = Field(None, description="PostgreSQL for Airflow instead of the embedded one")
    media_store: str | None = Field(
        None, description="Where recordings and reports are kept: a folder or any fsspec URL, e.g. s3://bucket/path"
    )
    scratch_dir: Path | None = Field(None, description="Folder for scratch files of running analyses")
    file_roots: list[Path] = Field(
        default_factory=list,
        description="Folders (a JSON list) from which workers may read recordings given as file paths",
    )
    max_download_bytes: int = Field(4 * 1024**3, gt=0, description="Largest recording that is fetched, in bytes")
    airflow_url: str = Field("http://127.0.0.1:8080", description="Where Airflow answers")
    airflow_username: str = Field("admin", description="Airflow user for `submit` and `watch`")
    airflow_password: SecretStr | None = Field(None, description="Its password")
    review_url: str = Field("http://127.0.0.1:8501", description="Where the review app answers")
    contact: str | None = Field(
        None, description="Whom candidates write to, to contest a result or have their data erased; in their report"
    )
    signing_key: SecretStr | None = Field(None, description="Key that signs links to recordings in the review app")
    port_airflow: int = Field(8080, description="Port of the embedded Airflow")
    port_review: int = Field(8501, description="Port of the embedded review app")
    retries: int = Field(2, ge=0, description="How often a stage is tried again after trouble that passes")
    retry_delay_s: float = Field(10.0, gt=0, description="Wait before the first retry, in seconds; doubles each time")

    @property
    def media_store_url(self) -> str:
        """Folder or fsspec URL of the media store."""
        return self.media_store or str(self.home.absolute() / "media")

    @property
    def scratch_path(self) -> Path:
        """Folder for scratch files."""
        return self.scratch_dir or self.home.absolute() / "scratch"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
