"""The report as a PDF: says what the page says, to eyes, screen readers and the clipboard; nothing in it is markup."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mulakat import report
from mulakat.report import pdf
from mulakat.report.content import Bullets, Chips, Facts, Heading, Item, Quotes, Report, Section, Table, Text
from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason
from tests.support.language_samples import STRONG, STRONG_TR
from tests.support.parameters import shortened
from tests.support.report_samples import HOSTILE, card_and_details, made, pdf_text, reader, squeezed, texts

A4_PT = (595.28, 841.89)


def hostile_report(text: str, language: str = "en") -> Report:
    """A report in which every text from outside is `text`."""
    card, details = card_and_details(f"{STRONG} {text}", question=text)
    said = Reason.of(Code.RATER_SAYS, text=text)
    competencies = [c.model_copy(update={"name": text, "rationale": [said]}) for c in card.competencies]
    changed = card.model_copy(update={"interview_id": text, "competencies": competencies, "notes": [said]})
    return report.build(changed, details=[details], language=language, link=lambda a, t: f"http://x/?q={t}")


@pytest.mark.parametrize("language", report.languages())
@pytest.mark.parametrize("audience", report.AUDIENCES)
def test_it_says_all_that_the_report_says(audience: report.Audience, language: str) -> None:
    content = made(audience, language)
    found = pdf_text(pdf(content))
    for text in texts(content):
        # Some letters stand as one glyph; and a line may end where a hyphen is.
        assert squeezed(text).replace("-", "") in found.replace("-", ""), text


def test_title_language_tags_and_standard() -> None:
    for language in report.languages():
        content = made("candidate", language)
        found = reader(pdf(content))
        assert found.metadata is not None and found.metadata.title == f"{content.title} – {content.subtitle}"
        root: Any = found.trailer["/Root"]
        assert root["/Lang"] == language
        assert root["/MarkInfo"]["/Marked"]
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert b"pdfuaid:part" in root["/Metadata"].get_data()
        assert found.outline, "headings are bookmarks"


def test_a4_with_page_numbers() -> None:
    found = reader(pdf(made("reviewer", "tr")))
    pages = len(found.pages)
    assert pages > 1
    for number, page in enumerate(found.pages, start=1):
        assert tuple(map(float, page.mediabox[2:])) == pytest.approx(A4_PT, abs=0.01)
        assert f"Sayfa{number}/{pages}" in squeezed(page.extract_text())


def test_turkish_letters_can_be_copied() -> None:
    wanted = "İĞÜŞÖÇ ığüşöç Iı İi"
    content = made(text=STRONG_TR).model_copy(update={"sections": [Section(blocks=[Text(text=wanted)])]})
    assert squeezed(wanted) in pdf_text(pdf(content))


def test_times_are_links_to_the_moment() -> None:
    card, _ = card_and_details()
    first = next(e for c in card.competencies for e in c.evidence)
    data = pdf(made(link=lambda answer, t: f"http://127.0.0.1:8501/?a={answer}&t={t:.1f}"))
    assert f"http://127.0.0.1:8501/?a=a1&t={first.start_s:.1f}" in targets(data)
    assert targets(pdf(made("candidate", link=lambda answer, t: "http://127.0.0.1:8501/"))) == set()


def targets(data: bytes) -> set[str]:
    return {
        str(annotation.get_object()["/A"]["/URI"])
        for page in reader(data).pages
        for annotation in page.get("/Annots", [])
        if "/URI" in annotation.get_object().get("/A", {})
    }


def test_plots_are_vectors_with_words() -> None:
    found = reader(pdf(made()))
    assert not [image for page in found.pages for image in page.images]
    root: Any = found.trailer["/Root"]
    figures = alternatives(root["/StructTreeRoot"])
    assert any("interval" in text for text in figures)
    assert any(text.startswith("Pitch over time") for text in figures)


def alternatives(element: object) -> list[str]:
    """The words for pictures below an element of the structure tree."""
    found: list[str] = []
    pending = [element]
    while pending:
        each = pending.pop()
        each = each.get_object() if hasattr(each, "get_object") else each
        if isinstance(each, list):
            pending += each
        elif isinstance(each, dict):
            found += [str(each["/Alt"])] if "/Alt" in each else []
            pending += [each["/K"]] if "/K" in each else []
    return found


def test_the_same_report_gives_the_same_bytes() -> None:
    assert pdf(made()) == pdf(made())


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        '#import "@preview/cetz:0.3.0": * #image("/etc/passwd") #sys.inputs #{while true {}}',
        "= Heading - list + enum / term: x <label> @ref \\ line https://example.org/#a ~ --- ... 'quoted'",
        '"; #eval("1+1") //" ]} ) /* comment */ $ \\( \\) ` ``` _ * [ ] { } #',
    ],
)
def test_hostile_text_is_text(text: str) -> None:
    found = pdf_text(pdf(hostile_report(text)))
    assert found.replace("-", "").count(squeezed(text).replace("-", "")) >= 3


@pytest.mark.parametrize(
    ("text", "shown"),
    shortened(
        [
            ("a\x00b\x07c\x1b[31md", "a�b�c�[31md"),
            ("left \u202e thgir", "left�thgir"),
            ("emoji 😀 and 👩‍👩‍👧 family", "emoji"),
            ("مرحبا بالعالم", ""),
            ("漢字かな交じり文", ""),
            ("e" + "\u0301" * 200, ""),
            ("", ""),
        ],
        3,
    ),
)
def test_odd_characters_make_a_document(text: str, shown: str) -> None:
    found = pdf_text(pdf(hostile_report(text)))
    assert shown in found


@pytest.mark.long
def test_a_word_without_end_stays_on_the_page() -> None:
    word = "w" * 10_000
    blocks = [
        Text(text=word),
        Heading(text=word),
        Chips(items=[word]),
        Quotes(items=[Item(quote=word, source=word, time="0:00.0–0:01.0", text=word)]),
        Bullets(items=[Item(lead=word, text=word)]),
        Facts(items=[(word, word)]),
        Table(columns=[1, 1], head=["a", "b"], rows=[[word, ""]]),
    ]
    data = pdf(made().model_copy(update={"sections": [Section(title=word, blocks=blocks)]}))
    # Whole words are cut by the foot of a page.
    assert pdf_text(data).count("w" * 400) > 200
    lines = [line for page in reader(data).pages for line in page.extract_text().splitlines()]
    assert max(map(len, lines)) < 160, "a line of the page holds no more"


def test_it_opens_no_connection_and_asks_for_no_package(tmp_path: Path) -> None:
    """Drawn in a process that is killed when it addresses anybody."""
    (tmp_path / "report.json").write_text(made().model_dump_json(), encoding="utf-8")
    code = """
import sys
from pathlib import Path
from mulakat.report.content import Report
from mulakat.report import html, pdf
from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason
from mulakat.runtime.seccomp import forbid
forbid(("connect", "sendto", "sendmsg", "sendmmsg", "io_uring_setup"), then="kill")
report = Report.model_validate_json(Path(sys.argv[1], "report.json").read_text(encoding="utf-8"))
Path(sys.argv[1], "report.pdf").write_bytes(pdf(report))
Path(sys.argv[1], "report.html").write_bytes(html(report))
"""
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True)
    assert (tmp_path / "report.pdf").read_bytes() == pdf(made())
