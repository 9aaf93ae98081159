"""Letters as they are compared, the four i of Turkish above all."""

from __future__ import annotations

import pytest

from mulakat.schema.text import folded, lower, plain


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("IŞIK İyi", "tr", "ışık iyi"),
        ("ALTI KIRK", "tr", "altı kırk"),
        ("I'm from İzmir", "en", "i'm from izmir"),
        ("I\u0307zmir", "tr", "izmir"),
        ("CAFE\u0301", None, "café"),
    ],
)
def test_lower_case_follows_the_language(text: str, language: str | None, expected: str) -> None:
    assert lower(text, language) == expected


def test_without_a_language_all_four_i_are_one_letter() -> None:
    assert {folded(text) for text in ("ILGIN", "ılgın", "İLGİN", "ilgin")} == {"ilgin"}


def test_plain_leaves_letters_and_figures() -> None:
    assert plain("  Tell us: ÇÖZÜM — Ⅳ, or 4?") == "tell us cozum iv or 4"
