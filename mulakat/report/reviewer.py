"""The report for those who decide: everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mulakat.presentation import lanes as tracks
from mulakat.presentation import measures, scores, times
from mulakat.presentation.presenter import Presenter
from mulakat.report.content import (
    Block,
    Bullets,
    Chips,
    Facts,
    Heading,
    Headline,
    Item,
    LaneRow,
    Lanes,
    Quotes,
    Section,
    Table,
    Text,
    TranscriptBlock,
)
from mulakat.report.material import Material, code, pieces
from mulakat.report.plots import lane as draw
from mulakat.schema.base import Produced, Provenance, TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.language import Evidence, Sensitivity
from mulakat.schema.reasons import Reason
from mulakat.schema.scores import AnswerDetails, AnswerScore, CompetencyScore, Versioned

MOST_MOMENTS = 5
"""Moments shown of one kind of flag; the review app shows them all."""


def sections(m: Material) -> list[Section]:
    """All sections, in order."""
    found = [_head(m), *_competencies(m), _components(m), _left_out(m)]
    for i, answer_id in enumerate(m.order):
        found.append(_answer(m, answer_id, m.t("answers") if i == 0 else None))
    return [*found, *_policy(m), _how_to_read(m), _provenance(m)]


def _head(m: Material) -> Section:
    t, card = m.t, m.card
    blocks: list[Block] = []
    if card.overall.value is not None:
        caption = f"{t('overall')}, {t('interval', interval=scores.interval(t, card.overall))}"
        plot = m.plot(t("overall"), card.overall)
        blocks.append(Headline(value=t.number(card.overall.value), caption=caption, plot=plot))
    else:
        blocks.append(Headline(value=None, caption=t("not-scorable"), plot=None))
        blocks.append(Text(text=m.why(card.overall.reason)))
    chips = [t("chip-rater", rater=rater) for rater in m.raters]
    if card.sensitivity is not None:
        chips.append(scores.sensitivity(t, card.sensitivity))
    chips.append(scores.versioned(t, "policy", card.policy))
    if card.rubric:
        chips.append(scores.versioned(t, "rubric", card.rubric))
    blocks.append(Chips(items=chips, warning=t("provisional") if card.provisional else None))
    if card.provisional:
        blocks.append(Text(text=t("provisional-help"), tone="warn"))
    blocks.append(Text(text=t("people-decide"), tone="soft"))
    if card.overall.sources:
        blocks += [Heading(text=t("sources")), Text(text=t("sources-help"), tone="soft")]
        blocks.append(Facts(items=scores.sources(t, card.overall)))
    return Section(title=t("result"), blocks=blocks + (_sensitivity(t, card.sensitivity) if card.sensitivity else []))


def _sensitivity(t: Presenter, found: Sensitivity) -> list[Block]:
    if not found.variants:
        return [Heading(text=t("sensitivity")), Text(text=t("sensitivity-alone"), tone="soft")]
    text = t("sensitivity-help", low=t.number(found.low), high=t.number(found.high))
    return [
        Heading(text=t("sensitivity")),
        Text(text=text, tone="soft"),
        Facts(items=scores.sensitivity_rows(t, found)),
    ]


def _competencies(m: Material) -> list[Section]:
    return [_competency(m, c, m.t("competencies") if i == 0 else None) for i, c in enumerate(m.card.competencies)]


def _competency(m: Material, c: CompetencyScore, title: str | None) -> Section:
    about = m.t("weight", weight=m.t.short(c.weight))
    blocks: list[Block] = [m.row(c.name, about, c.score)]
    if c.score.value is None:
        blocks.append(Text(text=m.t("not-scorable-why", reason=m.why(c.score.reason)), tone="soft"))
    elif c.rationale:
        blocks.append(m.rationale(c.rationale))
    if c.evidence:
        blocks.append(Quotes(items=m.evidence(c.evidence)))
    return Section(title=title, blocks=blocks)


def _components(m: Material) -> Section:
    t = m.t
    blocks: list[Block] = []
    for c in m.card.components:
        label = t.name("component", c.name)
        blocks.append(m.row(label, f"{m.weight(c)} · {t.name('about', c.name)}", c.score, counts=c.weight > 0))
        if c.score.value is None:
            blocks.append(Text(text=t("not-scorable-why", reason=m.why(c.score.reason)), tone="soft"))
        if c.name != "language" and c.evidence:
            blocks.append(Quotes(items=m.evidence(c.evidence), title=t("evidence-of", part=label)))
    return Section(title=t("components"), blocks=blocks)


def _left_out(m: Material) -> Section:
    t, card = m.t, m.card
    unscored = {c.name: c.score.reason for c in card.competencies if c.score.reason is not None}
    told = [Reason.of(Code.OF_COMPETENCIES, parts=[name], why=reason) for name, reason in unscored.items()]
    items = [m.item(note) for note in card.notes if note not in told]
    items += [m.item(reason, lead=name) for name, reason in unscored.items()]
    items += [m.item(reason, lead=f"{answers} ({stages})") for answers, stages, reason in _missing(m)]
    block = Bullets(items=items) if items else Text(text=t("nothing-left-out"))
    return Section(title=t("left-out"), blocks=[block])


def _missing(m: Material) -> list[tuple[str, str, Reason]]:
    """Answers, stages and the reason they share: a recording that cannot be read is told once, not for each stage."""
    stages: dict[tuple[str, Reason], list[str]] = {}
    for each in m.card.missing:
        stages.setdefault((m.answer(each.answer_id), each.reason), []).append(m.t.name("stage", each.stage))
    answers: dict[tuple[str, Reason], list[str]] = {}
    for (answer, reason), names in stages.items():
        answers.setdefault((", ".join(names), reason), []).append(answer)
    return [(", ".join(names), stage, reason) for (stage, reason), names in answers.items()]


def _answer(m: Material, answer_id: str, title: str | None) -> Section:
    t, score, details = m.t, m.scores.get(answer_id), m.details.get(answer_id)
    blocks: list[Block] = [Heading(text=f"{m.answer(answer_id)} · {answer_id}")]
    question = m.question(answer_id)
    blocks.append(Text(text=question, tone="strong") if question else Text(text=t("no-question"), tone="soft"))
    if score:
        blocks.append(m.row(t("overall"), "", score.overall))
        if score.overall.value is None:
            blocks.append(Text(text=t("not-scorable-why", reason=m.why(score.overall.reason)), tone="soft"))
    missing = [x for x in m.card.missing if x.answer_id == answer_id]
    if missing:
        blocks.append(Heading(text=t("not-analysed")))
        blocks.append(Bullets(items=[m.item(x.reason, lead=t.name("stage", x.stage)) for x in missing]))
    if score:
        blocks += _attention(m, score)
    if details:
        blocks += [*_transcript(m, details, score), *_lanes(m, details, score), *_measured(m, details)]
        blocks += _recording(m, details, score)
    notes = list(dict.fromkeys([*(score.notes if score else []), *_findings_notes(details)]))
    if notes:
        blocks += [Heading(text=t("notes")), Bullets(items=[m.item(note) for note in notes])]
    return Section(title=title, blocks=blocks)


def _findings_notes(details: AnswerDetails | None) -> list[Reason]:
    return details.findings.notes if details and details.findings else []


def _attention(m: Material, score: AnswerScore) -> list[Block]:
    items: list[Item] = []
    for kind in dict.fromkeys(f.kind for f in score.flags):
        found, name = [f for f in score.flags if f.kind == kind], m.t.name("flag", kind)
        items += [
            m.moment(score.answer_id, f.start_s, f.end_s).model_copy(update={"source": None, "text": name})
            for f in found[:MOST_MOMENTS]
        ]
        if len(found) > MOST_MOMENTS:
            items.append(Item(text=m.t("flag-more", flag=name, count=m.t.number(len(found) - MOST_MOMENTS))))
    items += [Item(text=scores.quality(m.t, check)) for check in score.quality if check.status != "good"]
    if not items:
        return []
    help_text = Text(text=m.t("attention-help"), tone="soft")
    return [Heading(text=m.t("attention")), Quotes(items=items), help_text]


def _transcript(m: Material, details: AnswerDetails, score: AnswerScore | None) -> list[Block]:
    transcript = details.transcript
    if transcript is None or not (transcript.words or transcript.text.strip()):
        return [Heading(text=m.t("transcript")), Text(text=m.t("no-transcript"), tone="soft")]
    heading = m.t("transcript")
    if transcript.language:
        heading = m.t("transcript-in", language=m.t.language_name(transcript.language))
    cut = pieces(transcript, score)
    blocks: list[Block] = [Heading(text=heading), TranscriptBlock(pieces=cut, lang=code(transcript.language))]
    return [*blocks, Text(text=m.t("marked"), tone="soft")] if any(p.marks for p in cut) else blocks


def _lanes(m: Material, details: AnswerDetails, score: AnswerScore | None) -> list[Block]:
    t = m.t
    duration = tracks.duration_s(details.media, details.transcript, details.voice, details.face)
    found = [lane for lane in tracks.lanes(t, details.transcript, details.voice, details.face) if lane.measured]
    if not found or duration <= 0:
        return []
    quotes = [e for c in score.competencies for e in c.evidence] if score else []
    quoted = _times(quotes)
    ticks = times.axis(duration)
    rows = []
    for lane in found:
        alt = t("alt-lane-blocks", label=lane.label)
        if lane.scale:
            alt = t("alt-lane", label=lane.label, scale=lane.scale)
        plot = draw(lane, alt, duration, quoted, [at for at, _ in ticks])
        rows.append(LaneRow(label=lane.label, scale=lane.scale, plot=plot))
    blocks: list[Block] = [
        Heading(text=t("lanes")),
        Lanes(rows=rows, ticks=[(at / duration, tick) for at, tick in ticks]),
    ]
    return [*blocks, Text(text=t("lanes-help"), tone="soft")] if quoted else blocks


def _times(evidence: Iterable[Evidence]) -> list[TimeRange]:
    found = {(e.start_s, e.end_s) for e in evidence if e.start_s is not None and e.end_s is not None}
    return [TimeRange(start_s=start, end_s=end) for start, end in sorted(found) if end is not None]


def _measured(m: Material, details: AnswerDetails) -> list[Block]:
    t, items, reasons = m.t, list[tuple[str, str]](), dict[str, Reason]()
    for result, table in ((details.voice, measures.VOICE), (details.face, measures.FACE)):
        if result is None:
            continue
        for measure in (measure for measure in table if measure.main):
            name = measures.label(t, measure)
            items.append((name, measures.written(t, measure, result) or t("not-measured")))
            if measure.key in result.reasons:
                reasons[name] = result.reasons[measure.key]
    if not items:
        return []
    blocks: list[Block] = [Heading(text=t("measured")), Facts(items=items)]
    return [*blocks, Bullets(items=[m.item(r, lead=name) for name, r in reasons.items()])] if reasons else blocks


def _recording(m: Material, details: AnswerDetails, score: AnswerScore | None) -> list[Block]:
    t, media, items = m.t, details.media, list[tuple[str, str]]()
    if media is not None:
        known = measures.recording(t, media, None)
        items += [(t.name("measure", key), value) for key, value in known.items() if value is not None]
        items.append(("sha256", f"{media.sha256[:16]}…"))
    for check in score.quality if score else []:
        state = t.name("quality-status", check.status)
        items.append((t.name("quality", check.name), f"{scores.quality_value(t, check, check.value)}, {state}"))
    if details.findings and details.findings.rater != "none":
        items.append((t("rated-by"), m.rater(details.findings.rater)))
    if details.findings and details.findings.usage:
        items += scores.usage(t, details.findings.usage)
    return [Heading(text=t("recording")), Facts(items=items)] if items else []


def _policy(m: Material) -> list[Section]:
    policy, t = m.policy, m.t
    if policy is None:
        return []
    everything: Sequence[str] = ("language", "voice", "face", "emotion")
    names = {name: t("component-visual") if name == "face" else t.name("component", name) for name in everything}
    items = [(t("policy-analysed"), ", ".join(names[n] for n in everything if n in policy.analyse))]
    if off := [names[n] for n in everything if n not in policy.analyse]:
        items.append((t("policy-not-analysed"), ", ".join(off)))
    whole = sum(policy.weights.values())
    weights = ", ".join(f"{t.name('component', n)} {t.percent(w / whole)}" for n, w in policy.weights.items() if w > 0)
    items += [
        (t("policy-weights"), weights),
        (t("policy-min-words"), t.number(policy.min_words)),
        (t("policy-min-speech-s"), t.short(policy.min_speech_s)),
        (t("policy-min-visible-ratio"), t.percent(policy.min_visible_ratio)),
        (t("policy-min-scored-weight"), t.percent(policy.min_scored_weight)),
    ]
    name = scores.versioned(t, "policy", Versioned(id=policy.id, version=policy.version))
    # A policy is written in English, or in whatever language its authors use: a quotation elsewhere.
    said = policy.description if t.language == "en" else f"“{policy.description}”"
    description = Text(text=said, lead=f"{name}:")
    blocks: list[Block] = [description, Facts(items=items)]
    if m.card.usage:
        blocks += [Heading(text=t("usage")), Facts(items=scores.usage(t, m.card.usage))]
    return [Section(title=t("policy-heading"), blocks=blocks)]


def _how_to_read(m: Material) -> Section:
    keys = ("how-to-read-scale", "how-to-read-sources", "how-to-read-tie")
    return Section(title=m.t("how-to-read"), blocks=[Text(text=m.t(key)) for key in keys])


def _provenance(m: Material) -> Section:
    t = m.t
    rows = [
        [
            f"{p.analyzer} {p.version}",
            ", ".join(f"{name} {version}" for name, version in p.libraries.items()),
            ", ".join(f"{name} {digest[:12]}…" for name, digest in p.models.items()),
            ", ".join(f"{name}: {value}" for name, value in p.options.items()),
        ]
        for p in provenances(m)
    ]
    head = [t("provenance-stage"), t("origin-libraries"), t("origin-models"), t("origin-options")]
    return Section(title=t("provenance"), blocks=[Table(columns=[3, 3, 3, 5], head=head, rows=rows)])


def provenances(m: Material) -> list[Provenance]:
    """Every distinct producer of what the report shows."""
    produced: list[Produced | None] = [m.card, *m.card.answers]
    for d in m.details.values():
        produced += [d.media, d.transcript, d.face, d.voice, d.findings]
    found = {p.provenance.model_dump_json(): p.provenance for p in produced if p is not None}
    return sorted(found.values(), key=lambda p: p.analyzer)
