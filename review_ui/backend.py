"""What the pages know, read through `interviews`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar
from urllib.parse import urlsplit

import streamlit as st
from pydantic import ValidationError

from mulakat.interviews.documents import Interview, StoredStageResult
from mulakat.interviews.media_store import MediaStore
from mulakat.interviews.settings import settings
from mulakat.interviews.store import DatabaseError, Store
from mulakat.schema.base import Produced
from mulakat.schema.codes import Code
from mulakat.schema.errors import MulakatError, SetupError
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import describe
from review_ui.text import plain, t

log = logging.getLogger(__name__)

P = TypeVar("P", bound=Produced)


@st.cache_resource
def _connect(uri: str, database: str, media: str) -> Store:
    return Store.connect(uri, database, MediaStore(media))


class NoDatabaseError(SetupError):
    """The settings name no database."""


def store() -> Store:
    """The database of the settings. Raises NoDatabaseError."""
    conf = settings()
    if conf.mongo_uri is None:
        raise NoDatabaseError("MULAKAT_MONGO_URI is not set")
    return _connect(conf.mongo_uri, conf.mongo_database, conf.media_store_url)


@contextmanager
def trouble() -> Iterator[None]:
    """A sentence in place of a stack trace when the database or the media store cannot be used."""
    icon = ":material/database_off:"
    try:
        yield
    except NoDatabaseError:
        st.error(t("error-no-database"), icon=icon)
    except DatabaseError as error:
        log.warning("MongoDB: %s", error)
        st.error(t("error-database", address=plain(_address(settings().mongo_uri or ""))), icon=icon)
    except ValidationError as error:  # stored by another version
        log.warning("not readable: %s", describe(error))
        st.error(t("error-not-readable"), icon=icon)
    except MulakatError as error:
        st.error(plain(str(error)), icon=icon)


def _address(uri: str) -> str:
    """Host and port of a MongoDB address: no password on the screen."""
    return urlsplit(uri).netloc.rpartition("@")[2].replace("%2F", "/")


@st.cache_data(ttl="10m", max_entries=256, show_spinner=False)
def _stored(_store: Store, interview_id: str, answer_id: str, stage: str, fingerprint: str) -> StoredStageResult | None:
    return _store.stage_results.get(interview_id, answer_id, stage, fingerprint)


def stored(interview: Interview, answer_id: str, stage: str) -> StoredStageResult | None:
    """A stage's stored result; kept for a while, since the same fingerprint is the same result."""
    state = interview.progress.get(answer_id, {}).get(stage)
    if state is None or state.fingerprint is None:
        return None
    return _stored(store(), interview.id, answer_id, stage, state.fingerprint)


def result(kind: type[P], interview: Interview, answer_id: str, stage: str) -> P | None:
    """A stage's typed result, None when it measured nothing."""
    found = stored(interview, answer_id, stage)
    return kind.model_validate(found.payload) if found and found.payload is not None else None


def why_missing(interview: Interview, answer_id: str, stage: str) -> Reason:
    """Why a stage has no result."""
    state = interview.progress.get(answer_id, {}).get(stage)
    return (state.reason if state else None) or Reason.of(Code.STAGE_NOT_RUN, stage=stage)


def stored_file(uri: str) -> bytes:
    """A file of the media store."""
    with store().media.open(uri) as file:
        return file.read()
