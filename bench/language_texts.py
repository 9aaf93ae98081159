"""Interviews with human ratings from a CSV, and the candidate's own words in them."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analyzers.language.evidence import sentences
from mulakat.schema.errors import BadInput
from mulakat.schema.speech import Word

MIN_ROWS, MIN_GROUPS = 20, 5  # fewer cannot be cross-validated

INTERVIEWER = {
    *("interviewer", "q", "question", "counselor", "counsellor", "recruiter", "moderator", "host", "hr", "ir"),
    *("facilitator", "researcher", "examiner", "assessor", "hiring manager", "panel", "employer", "int"),
}
_NAMED = r"interviewe[re]|interviewee|candidate|applicant|participant|respondent|student|subject|counsell?or"
_NAMED += r"|recruiter|moderator|host|facilitator|researcher|examiner|assessor|employer|hiring manager|question|answer"
# A role's name with a colon is a label wherever it stands; any other word only where a turn can begin.
_LABEL = re.compile(
    rf"(?:(?<![\w-])(?P<role>{_NAMED})|(?:^|(?<=[.?!…]))[ \t]*(?P<other>[A-Za-z][\w.]*(?:[ \t][\w.]+)?))"
    r"[ \t]*\d*[ \t]*[\])]?[ \t]*:(?!\d)",
    re.IGNORECASE | re.MULTILINE,
)
_NOTES = re.compile(
    r"\[[^\]\n]{0,80}\]|<[^>\n]{0,80}>|^\s*\(?\d{1,2}:\d{2}(?::\d{2})?\)?\s*-?"
    r"|\((?=[^)]*(?:laugh|inaudible|unintelligible|crosstalk|pause|chuckl|sigh|cough))[^)\n]{0,80}\)",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True)
class Interview:
    """One row. `answers`: what the candidate says, turn by turn; `questions`: what was asked, where it is known."""

    answers: tuple[str, ...]
    questions: tuple[str, ...]
    rating: float
    group: str

    @property
    def text(self) -> str:
        """All of the candidate's words."""
        return " ".join(self.answers)

    def sentences(self) -> list[str]:
        """The candidate's sentences, cut as the product does."""
        found: list[str] = []
        for answer in self.answers:
            words = [Word(text=w, start_s=0.0, end_s=0.0, probability=1.0) for w in answer.split()]
            found += [s.text for s in sentences(words)]
        return found


def load(path: Path) -> tuple[list[Interview], list[str]]:
    """The rows of a CSV with columns `text,rating[,group][,question]`, and notes on what was left out.

    Raises:
        BadInput: no such file, a column is missing, a rating is not a number, or there is too little to validate on.
    """
    rows, notes = _rows(path), []
    interviews = []
    for number, row in enumerate(rows, start=2):
        rating = _number(row["rating"], f"{path}: row {number}")
        answers, questions = own_words(row["text"] or "")
        if not answers:
            notes.append(f"row {number} is left out: it holds no words of the candidate.")
            continue
        if asked := (row.get("question") or "").strip():
            questions = (asked, *questions)
        group = (row.get("group") or "").strip() or f"row {number}"
        interviews.append(Interview(answers, questions, rating, group))
    groups = {i.group for i in interviews}
    if len(interviews) < MIN_ROWS:
        raise BadInput(f"{path}: {len(interviews)} rows with words; give at least {MIN_ROWS} to cross-validate on")
    if len(groups) < MIN_GROUPS:
        raise BadInput(
            f"{path}: {len(groups)} groups ({min(groups)!r} …); give at least {MIN_GROUPS}, or no group column"
        )
    if len({i.rating for i in interviews}) < 2:
        raise BadInput(f"{path}: every rating is {interviews[0].rating:g}; nothing can be learned from that")
    return interviews, notes


def own_words(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The candidate's turns and the interviewer's.

    A turn begins with a label such as `Interviewee:`, `A:` or a name. Interviewers are known by their label;
    where none is, the candidate is who says most. Text without labels is the candidate's.
    """
    text = _NOTES.sub(" ", text.replace("|", "\n"))
    labels = [(m.start(), m.end(), _label(m)) for m in _LABEL.finditer(text)]
    counted = Counter(label for *_, label in labels)
    labels = [(a, b, name) for a, b, name in labels if name in INTERVIEWER or counted[name] > 1 or _is_role(name)]
    if len({name for *_, name in labels}) < 2:
        # one label, or none: nobody else speaks, unless the only label is the interviewer's
        only = {name for *_, name in labels}
        if not only or only & INTERVIEWER:
            return _clean([text]), ()
    ends = [start for start, *_ in labels[1:]] + [len(text)]
    turns = [(name, text[stop:end]) for (_, stop, name), end in zip(labels, ends, strict=True)]
    asking = {name for name, _ in turns if name in INTERVIEWER}
    if not asking:
        said = Counter[str]()
        for name, words in turns:
            said[name] += len(words.split())
        asking = set(said) - {max(said, key=lambda name: said[name])}
    return (
        _clean([words for name, words in turns if name not in asking]),
        _clean([words for name, words in turns if name in asking]),
    )


def _clean(turns: Sequence[str]) -> tuple[str, ...]:
    return tuple(turn for turn in (" ".join(t.split()) for t in turns) if re.search(r"\w", turn))


def _label(match: re.Match[str]) -> str:
    name = " ".join((match["role"] or match["other"]).lower().split()).rstrip(".")
    bare = name.rstrip("0123456789 ")  # Q1, A2; but speaker 1 is not speaker 2
    return bare if bare in INTERVIEWER | {"a"} or _is_role(bare) else name


def _is_role(name: str) -> bool:
    return re.fullmatch(_NAMED, name) is not None


def _rows(path: Path) -> list[dict[str, str]]:
    csv.field_size_limit(sys.maxsize)
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"cannot read {str(path)!r}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    header = content.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(content, newline=""), delimiter=delimiter)
    reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or []]
    missing = [name for name in ("text", "rating") if name not in reader.fieldnames]
    if missing:
        raise BadInput(f"{path}: no column {' and '.join(map(repr, missing))}; its header is {header.strip()!r:.100}")
    return list(reader)


def _number(value: str | None, where: str) -> float:
    try:
        number = float((value or "").strip())
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        raise BadInput(f"{where}: rating {value!r:.60} is not a number")
    return number
