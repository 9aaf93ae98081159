"""Whether answers can be scored by a rubric or a policy: every problem at once, with what to do about it.

`Rubric` and `Policy` refuse what cannot be read. This looks further, at what could be read but not rated by:
it takes a second and the sentence encoder, and is meant for the author, before a rubric is used.

Limits with a source: five levels with an observable behaviour each (Smith & Kendall 1963,
doi:10.1037/h0047060); few competencies, since raters tell few apart (Gaugler & Thornton 1989,
doi:10.1037/0021-9010.74.4.611: accuracy falls from 3 to 9 dimensions).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import fsum, isclose
from typing import Any, Literal

from pydantic import ValidationError

from mulakat.rubrics.anchors import Likeness, alike
from mulakat.rubrics.draft import Draft, DraftCompetency
from mulakat.schema.rubric import Document, Policy, Rubric, explain, path_of
from mulakat.schema.text import plain

WEIGHTS_TOLERANCE = 0.011  # three times 0.33 is meant to be 1
MANY_COMPETENCIES = 9
FEW_WORDS = 4  # an anchor with fewer, such as "Good", names no behaviour
MANY_WORDS = 60  # per anchor; five of them must be read and told apart
LONGEST = {"name": 80, "description": 600, "anchor": 600, "example": 300}  # characters
LONGEST_RUBRIC = 30_000  # characters; a language model gets it with every answer
LANGUAGES = frozenset(["ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"])
"""Of the sentence encoder: in other languages only a language model rates."""
FITS_BETTER = 0.15
"""Cosine by which an example must be nearer to another competency to be mentioned: of the general rubrics' 65
examples 1 is, of the same examples put under each other competency 54 %."""
ENOUGH_LETTERS = 60  # below, the language of a text cannot be told


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong. path: where, e.g. `competencies.0.weight`; text: what, and what to do."""

    severity: Literal["error", "warning"]
    path: str
    text: str


def check_rubric(document: object) -> list[Problem]:
    """Problems of a rubric as read from YAML, errors and warnings mixed."""
    found = _unread(Rubric, document)
    unread = {p.path for p in found}
    draft = Draft.of(document)
    for look in (_weights, _questions, _duplicates, _lengths, _anchors, _language, _examples):
        found += [p for p in look(draft) if p.path not in unread]
    if len(draft.competencies) > MANY_COMPETENCIES:
        text = f"{len(draft.competencies)} competencies; raters hardly tell more than {MANY_COMPETENCIES} apart, merge"
        found.append(Problem("warning", "competencies", text))
    if not any(p.severity == "error" for p in found):
        found += _unread(Rubric, document, whole=True)
    return found


def check_policy(document: object) -> list[Problem]:
    """Problems of a policy as read from YAML."""
    found = _unread(Policy, document, whole=True)
    if found:
        return found
    policy = Policy.model_validate(document)
    total = fsum(policy.weights.values())
    if not isclose(total, 1, abs_tol=WEIGHTS_TOLERANCE):
        shares = {name: round(weight / total, 3) for name, weight in policy.weights.items()}
        found.append(Problem("error", "weights", f"sum to {total:g}, not 1; the same shares are {_listed(shares)}"))
    if policy.weights.get("language", 0) < max(policy.weights.values()):
        text = "language weighs less than how it is said or looks; what is said should count most"
        found.append(Problem("warning", "weights", text))
    if "emotion" in policy.analyse:
        text = "emotion is inferred and shown; at work the EU forbids that (AI Act, Article 5(1)(f)); remove it there"
        found.append(Problem("warning", "analyse", text))
    return found


# --- the looks -------------------------------------------------------------------


def _unread(kind: type[Document], document: object, *, whole: bool = False) -> list[Problem]:
    """What the document's model refuses. whole: also what it refuses of the document as a whole."""
    try:
        kind.model_validate(document)
    except ValidationError as error:
        return [Problem("error", path_of(e["loc"]), explain(e)) for e in error.errors() if e["loc"] or whole]
    return []


def _weights(draft: Draft) -> Iterator[Problem]:
    weights = {c.id: c.weight for c in draft.competencies if c.weight is not None and c.weight > 0}
    total = fsum(weights.values())
    if len(weights) == len(draft.competencies) > 0 and not isclose(total, 1, abs_tol=WEIGHTS_TOLERANCE):
        shares = {name: round(weight / total, 3) for name, weight in weights.items()}
        text = f"weights sum to {total:g}, not 1; the same shares are {_listed(shares)}"
        yield Problem("error", "competencies", text)


def _questions(draft: Draft) -> Iterator[Problem]:
    if not draft.questions:
        yield Problem("error", "questions", "none; list the interview's questions, each with id and text")
        return
    known = {q.id: q for q in draft.questions}
    named: set[str] = set()
    for c in draft.competencies:
        wanted = [q.id for q in draft.questions if q.rated] if c.questions == "all" else c.questions
        named.update(wanted)
        if unknown := [q for q in wanted if q not in known]:
            yield Problem("error", f"{c.path}.questions", f"no question {unknown[0]!r}; there are {', '.join(known)}")
        if unrated := [q for q in wanted if q in known and not known[q].rated]:
            yield Problem("error", f"{c.path}.questions", f"question {unrated[0]!r} is not rated; remove it here")
        if not any(q in known and known[q].rated for q in wanted):
            text = f"no question asks for {c.id!r}; name those that do, or remove the competency"
            yield Problem("error", f"{c.path}.questions", text)
    for q in draft.questions:
        if q.rated and q.id not in named:
            text = f"no competency names {q.id!r}; name it in one, remove it, or say `rated: false` for a warm-up"
            yield Problem("error", q.path, text)


def _duplicates(draft: Draft) -> Iterator[Problem]:
    for what, items in (
        ("id", [(c.path, c.id) for c in draft.competencies]),
        ("name", [(c.path, c.name) for c in draft.competencies]),
        ("id", [(q.path, q.id) for q in draft.questions]),
        ("text", [(q.path, q.text) for q in draft.questions]),
    ):
        seen: dict[str, str] = {}
        for path, value in items:
            if not (key := plain(value)):
                continue
            if key in seen:
                yield Problem("error", f"{path}.{what}", f"{value!r} is also that of {seen[key]}; give it another")
            seen.setdefault(key, path)


def _lengths(draft: Draft) -> Iterator[Problem]:
    total = sum(len(q.text) for q in draft.questions)
    for c in draft.competencies:
        texts = [
            ("name", f"{c.path}.name", c.name),
            ("description", f"{c.path}.description", c.description),
            *(("anchor", f"{c.path}.levels.{level}", text) for level, text in c.levels.items()),
            *(("example", f"{c.path}.examples.{i}", text) for i, text in enumerate(c.examples)),
        ]
        for kind, path, text in texts:
            total += len(text)
            words = len(text.split())
            if len(text) > LONGEST[kind]:
                yield Problem("error", path, f"{len(text)} characters; {LONGEST[kind]} are the most, {text!r:.60}")
            elif kind == "anchor" and words > MANY_WORDS:
                yield Problem(
                    "warning", path, f"{words} words; more than {MANY_WORDS} are hard to hold apart, shorten it"
                )
            elif kind == "anchor" and words < FEW_WORDS:
                yield Problem("error", path, f"{text!r} names no behaviour; say what is heard at this level")
    if total > LONGEST_RUBRIC:
        yield Problem("error", "", f"{total} characters in all; {LONGEST_RUBRIC} are the most, shorten or split it")


def _anchors(draft: Draft) -> Iterator[Problem]:
    for c in draft.competencies:
        levels = list(c.levels)
        said: set[int] = set()
        for (first, second), likeness in alike(list(c.levels.values()), draft.language).items():
            if second not in said:  # once is enough: 3 as 1 and 3 as 2 is one mistake
                said.add(second)
                yield _same(f"{c.path}.levels.{levels[second]}", levels[first], c.levels[levels[second]], likeness)
    described = [c for c in draft.competencies if c.description]
    for (first, second), likeness in alike([c.description for c in described], draft.language).items():
        text = f"describes what {described[first].id!r} does ({_how(likeness)}); merge them, or it counts twice"
        yield Problem("error" if likeness.sure else "warning", f"{described[second].path}.description", text)


def _same(path: str, other: int, text: str, likeness: Likeness) -> Problem:
    if likeness.how == "degree":
        advice = f"differs from level {other} only in degree; name the behaviour that makes the difference"
    elif likeness.sure:
        advice = f"says the same as level {other} ({_how(likeness)}); say what is heard here and not there"
    else:
        advice = f"may say the same as level {other} ({_how(likeness)}); could two raters tell them apart?"
    return Problem("error" if likeness.sure else "warning", path, f"{advice}, got {text!r:.120}")


def _how(likeness: Likeness) -> str:
    return "the same words" if likeness.cosine is None else f"cosine {likeness.cosine:.2f}"


def _language(draft: Draft) -> Iterator[Problem]:
    if len(draft.language) != 2:
        return  # said already
    from babel import Locale

    from analyzers.text.language_id import detect

    if draft.language not in Locale("en").languages:
        yield Problem("error", "language", f"{draft.language!r} is no ISO 639-1 code of a language such as en or tr")
        return
    if draft.language not in LANGUAGES:
        text = f"the local scorer does not know {draft.language!r}; without a language model nothing is rated"
        yield Problem("warning", "language", text)
    parts = [(c.path, " ".join([c.name, c.description, *c.levels.values(), *c.examples])) for c in draft.competencies]
    parts += [(q.path, q.text) for q in draft.questions]
    written = {path: detect(text)[0] for path, text in parts if len(text) >= ENOUGH_LETTERS}
    others = {path: other for path, other in written.items() if other not in (draft.language, None)}
    if len(others) > 1 and len(others) == len(written) and len(set(others.values())) == 1:
        others = {"language": next(iter(others.values()))}  # one mistake, not one per text
    for path, other in others.items():
        text = f"the text is in {other!r}, language says {draft.language!r}; translate the one or change the other"
        yield Problem("error", path, text)


def _examples(draft: Draft) -> Iterator[Problem]:
    """Examples that another competency explains better than their own: the local scorer will find that one."""
    for c in draft.competencies:
        for k, text in ((k, text) for k, text in enumerate(c.examples) if text):
            near = {other.path: _nearness(text, other) for other in draft.competencies}
            best = max(draft.competencies, key=lambda other: near[other.path])
            if near[best.path] > near[c.path] + FITS_BETTER:
                figures = f"cosine {near[best.path]:.2f} against {near[c.path]:.2f}"
                advice = f"fits {best.id!r} better ({figures}); move it there or say it differently"
                yield Problem("warning", f"{c.path}.examples.{k}", f"{advice}, got {text!r:.80}")


def _nearness(text: str, competency: DraftCompetency) -> float:
    """Cosine with the competency's description or upper anchors, whichever is nearest."""
    from analyzers.text.embeddings import encode

    texts = [t for t in (competency.description, *(competency.levels.get(n, "") for n in (3, 4, 5))) if t]
    return float((encode(texts) @ encode([text])[0]).max()) if texts else -1.0


def _listed(shares: Mapping[Any, float]) -> str:
    return ", ".join(f"{name} {share:g}" for name, share in shares.items())
