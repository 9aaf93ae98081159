"""The examples of `docs/library.md` work, one after the other, as a reader would run them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from mulakat.schema import Scorecard, Transcript

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "library.md"


@pytest.mark.long
def test_the_examples_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = PAGE.read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": "library"}
    for block in re.finditer(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        line = text.count("\n", 0, block.start(1))
        exec(compile("\n" * line + block[1], PAGE, "exec"), names)  # noqa: S102
    card, transcript, media = names["card"], names["transcript"], names["media"]
    assert isinstance(card, Scorecard) and card.overall.value is not None
    assert isinstance(transcript, Transcript) and transcript.words
    assert all(0 <= word.start_s <= word.end_s <= media.duration_s for word in transcript.spoken)
