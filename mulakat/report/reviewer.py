"""The report for those who decide: everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from mulakat.report import lanes as tracks
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
from mulakat.report.texts import Texts, clock
from mulakat.schema.base import Produced, Provenance, TimeRange
from mulakat.schema.language import Evidence, Sensitivity, Usage
from mulakat.schema.scores import AnswerDetails, AnswerScore, CompetencyScore, QualityCheck
from mulakat.scoring.quality import LIMITS

MOST_MOMENTS = 5
"""Moments shown of one kind of flag; the review app shows them all."""
SHARES = {"pause_ratio", "visible_ratio", "on_camera_ratio"}
VOICE = (
    "speech_rate_wpm",
    "articulation_rate_sps",
    "pause_ratio",
    "fillers_per_min",
    "pitch_range_semitones",
    "snr_db",
)
FACE = ("visible_ratio", "on_camera_ratio", "max_faces")


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
        caption = f"{t('overall')}, {t('interval', interval=m.interval(card.overall) or '–')}"
        plot = m.plot(t("overall"), card.overall)
        blocks.append(Headline(value=t.number(card.overall.value), caption=caption, plot=plot))
    else:
        blocks.append(Headline(value=None, caption=t("not_scorable"), plot=None))
        blocks.append(Text(text=m.why(card.overall.reason)))
    chips = [t("chip.rater", rater=rater) for rater in m.raters]
    if card.sensitivity is not None:
        s = card.sensitivity
        badge = t(f"sensitivity.{s.badge}")
        chips.append(t("sensitivity.chip", badge=badge, low=t.number(s.low), high=t.number(s.high)))
    chips.append(t("chip.policy", id=card.policy.id, version=card.policy.version))
    if card.rubric:
        chips.append(t("chip.rubric", id=card.rubric.id, version=card.rubric.version))
    blocks.append(Chips(items=chips, warning=t("provisional") if card.provisional else None))
    if card.provisional:
        blocks.append(Text(text=t("provisional.help"), tone="warn"))
    blocks.append(Text(text=t("people_decide"), tone="soft"))
    if card.overall.sources:
        blocks += [Heading(text=t("sources")), Text(text=t("sources.help"), tone="soft")]
        blocks.append(
            Facts(items=[(t(f"source.{s.name}"), f"± {t.number(s.points, 1)}") for s in card.overall.sources])
        )
    return Section(title=t("result"), blocks=blocks + (_sensitivity(t, card.sensitivity) if card.sensitivity else []))


def _sensitivity(t: Texts, found: Sensitivity) -> list[Block]:
    if not found.variants:
        return [Heading(text=t("sensitivity")), Text(text=t("sensitivity.alone"), tone="soft")]
    rows = []
    for v in found.variants:
        words = t.number(v.changed_words)
        points = t("variant.no_points", words=words)
        if v.points is not None:
            points = t("variant.points", points=t.number(v.points), words=words)
        rows.append((t(f"variant.{v.kind}"), points))
    text = t("sensitivity.help", low=t.number(found.low), high=t.number(found.high))
    return [Heading(text=t("sensitivity")), Text(text=text, tone="soft"), Facts(items=rows)]


def _competencies(m: Material) -> list[Section]:
    return [_competency(m, c, m.t("competencies") if i == 0 else None) for i, c in enumerate(m.card.competencies)]


def _competency(m: Material, c: CompetencyScore, title: str | None) -> Section:
    about = m.t("weight.competency", weight=m.t.short(c.weight))
    blocks: list[Block] = [m.row(c.name, about, c.score)]
    if c.score.value is None:
        blocks.append(Text(text=m.t("not_scorable.why", reason=m.why(c.score.reason)), tone="soft"))
    elif c.rationale:
        blocks.append(m.rationale(c.rationale))
    if c.evidence:
        blocks.append(Quotes(items=m.evidence(c.evidence)))
    return Section(title=title, blocks=blocks)


def _components(m: Material) -> Section:
    t = m.t
    blocks: list[Block] = []
    for c in m.card.components:
        label = t(f"component.{c.name}")
        blocks.append(m.row(label, f"{m.weight(c)} · {t(f'about.{c.name}')}", c.score, counts=c.weight > 0))
        if c.score.value is None:
            blocks.append(Text(text=t("not_scorable.why", reason=m.why(c.score.reason)), tone="soft"))
        if c.name != "language" and c.evidence:
            blocks.append(Quotes(items=m.evidence(c.evidence), title=t("evidence.of", part=label)))
    return Section(title=t("components"), blocks=blocks)


def _left_out(m: Material) -> Section:
    t, card = m.t, m.card
    unscored = {f"{c.name}: {c.score.reason}": c for c in card.competencies if c.score.value is None}
    items = [m.item(note) for note in card.notes if note not in unscored]
    items += [m.item(c.score.reason or "", lead=c.name) for c in unscored.values()]
    items += [m.item(reason, lead=f"{answers} ({stages})") for answers, stages, reason in _missing(m)]
    block = Bullets(items=items) if items else Text(text=t("nothing_left_out"))
    return Section(title=t("left_out"), blocks=[block])


def _missing(m: Material) -> list[tuple[str, str, str]]:
    """Answers, stages and the reason they share: a recording that cannot be read is told once, not for each stage."""
    stages: dict[tuple[str, str], list[str]] = {}
    for each in m.card.missing:
        stages.setdefault((m.answer(each.answer_id), each.reason), []).append(m.t.name("stage", each.stage))
    answers: dict[tuple[str, str], list[str]] = {}
    for (answer, reason), names in stages.items():
        answers.setdefault((", ".join(names), reason), []).append(answer)
    return [(", ".join(names), stage, reason) for (stage, reason), names in answers.items()]


def _answer(m: Material, answer_id: str, title: str | None) -> Section:
    t, score, details = m.t, m.scores.get(answer_id), m.details.get(answer_id)
    blocks: list[Block] = [Heading(text=f"{m.answer(answer_id)} · {answer_id}")]
    question = m.question(answer_id)
    blocks.append(Text(text=question, tone="strong") if question else Text(text=t("no_question"), tone="soft"))
    if score:
        blocks.append(m.row(t("overall"), "", score.overall))
        if score.overall.value is None:
            blocks.append(Text(text=t("not_scorable.why", reason=m.why(score.overall.reason)), tone="soft"))
    missing = [x for x in m.card.missing if x.answer_id == answer_id]
    if missing:
        blocks.append(Heading(text=t("not_analysed")))
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


def _findings_notes(details: AnswerDetails | None) -> list[str]:
    return details.findings.notes if details and details.findings else []


def _attention(m: Material, score: AnswerScore) -> list[Block]:
    items: list[Item] = []
    for kind in dict.fromkeys(f.kind for f in score.flags):
        found, name = [f for f in score.flags if f.kind == kind], m.t(f"flag.{kind}")
        items += [
            m.moment(score.answer_id, f.start_s, f.end_s).model_copy(update={"source": None, "text": name})
            for f in found[:MOST_MOMENTS]
        ]
        if len(found) > MOST_MOMENTS:
            items.append(Item(text=m.t("flag.more", flag=name, count=m.t.number(len(found) - MOST_MOMENTS))))
    items += [Item(text=quality(m.t, check)) for check in score.quality if check.status != "good"]
    if not items:
        return []
    help_text = Text(text=m.t("attention.help"), tone="soft")
    return [Heading(text=m.t("attention")), Quotes(items=items), help_text]


def quality(t: Texts, check: QualityCheck) -> str:
    """A check that is not good, as a sentence."""
    side = "more" if check.poor < check.unusable else "less"
    return t(
        f"quality.{check.status}.{side}",
        measure=t(f"quality.{check.name}"),
        value=_value(t, check, check.value),
        limit=_value(t, check, check.unusable if check.status == "unusable" else check.poor),
        advice=t(f"advice.{check.name}"),
        parts=", ".join(t(f"component.{part}") for part in check.affects),
    )


def _value(t: Texts, check: QualityCheck, value: float) -> str:
    if check.unit == "share":
        return t.percent(value, digits=1)
    if check.unit == LIMITS["brightness"].unit:
        return t("unit.brightness", value=t.short(value))
    return f"{t.short(value)} {check.unit}".rstrip()


def _transcript(m: Material, details: AnswerDetails, score: AnswerScore | None) -> list[Block]:
    transcript = details.transcript
    if transcript is None or not (transcript.words or transcript.text.strip()):
        return [Heading(text=m.t("transcript")), Text(text=m.t("no_transcript"), tone="soft")]
    heading = m.t("transcript")
    if transcript.language:
        heading = m.t("transcript.in", language=m.t.language_name(transcript.language))
    cut = pieces(transcript, score)
    blocks: list[Block] = [Heading(text=heading), TranscriptBlock(pieces=cut, lang=code(transcript.language))]
    return [*blocks, Text(text=m.t("marked"), tone="soft")] if any(p.marks for p in cut) else blocks


def _lanes(m: Material, details: AnswerDetails, score: AnswerScore | None) -> list[Block]:
    t, found = m.t, tracks.lanes(details)
    if not found:
        return []
    duration_s = tracks.duration(details)
    quotes = [e for c in score.competencies for e in c.evidence] if score else []
    quoted = tracks.blocks(_times(quotes), duration_s)
    at = [(s / duration_s, clock(s).removesuffix(".0")) for s in tracks.ticks(duration_s)]
    rows = []
    for each in found:
        label, scale = t(f"lane.{each.key}"), ""
        if each.low is not None and each.high is not None:
            digits = 0 if each.high - each.low > 5 else 1 if each.high - each.low > 1 else 2
            scale = t("lane.scale", low=t.number(each.low, digits), high=t.number(each.high, digits))
        alt = t("alt.lane", label=label, scale=scale) if scale else t("alt.lane.blocks", label=label)
        plot = draw(each, alt, quoted, [x * tracks.WIDTH for x, _ in at])
        rows.append(LaneRow(label=label, scale=scale, plot=plot))
    blocks: list[Block] = [Heading(text=t("lanes")), Lanes(rows=rows, ticks=at)]
    return [*blocks, Text(text=t("lanes.help"), tone="soft")] if quoted else blocks


def _times(evidence: Iterable[Evidence]) -> list[TimeRange]:
    found = {(e.start_s, e.end_s) for e in evidence if e.start_s is not None and e.end_s is not None}
    return [TimeRange(start_s=start, end_s=end) for start, end in sorted(found) if end is not None]


def _measured(m: Material, details: AnswerDetails) -> list[Block]:
    t, items, reasons = m.t, list[tuple[str, str]](), dict[str, str]()
    for result, fields in ((details.voice, VOICE), (details.face, FACE)):
        if result is None:
            continue
        for field in fields:
            value = getattr(result, field)
            shown = t("none") if value is None else t.percent(value) if field in SHARES else t.short(value)
            items.append((t(f"measure.{field}"), shown))
        reasons |= {t(f"measure.{f}"): r for f, r in result.reasons.items() if f in fields}
    if not items:
        return []
    blocks: list[Block] = [Heading(text=t("measured")), Facts(items=items)]
    return [*blocks, Bullets(items=[m.item(r, lead=name) for name, r in reasons.items()])] if reasons else blocks


def _recording(m: Material, details: AnswerDetails, score: AnswerScore | None) -> list[Block]:
    t, media, items = m.t, details.media, list[tuple[str, str]]()
    if media is not None:
        if media.duration_s is not None:
            items.append((t("recording.length"), clock(media.duration_s)))
        items.append((t("recording.container"), media.container))
        if media.video:
            items.append((t("recording.video"), f"{media.video.codec} {media.video.width}×{media.video.height}"))
        if media.audio:
            items.append((t("recording.audio"), f"{media.audio.codec} {t.number(media.audio.sample_rate_hz)} Hz"))
        if media.text:
            characters = t("recording.characters", count=t.number(media.text.characters))
            items.append((t("recording.text"), characters))
        items.append(("sha256", f"{media.sha256[:16]}…"))
    for check in score.quality if score else []:
        state = t(f"quality.{check.status}")
        items.append((t(f"quality.{check.name}"), f"{_value(t, check, check.value)}, {state}"))
    if details.findings and details.findings.rater != "none":
        items.append((t("rated_by"), m.rater(details.findings.rater)))
    if details.findings and details.findings.usage:
        items += _usage(t, details.findings.usage)
    return [Heading(text=t("recording")), Facts(items=items)] if items else []


def _usage(t: Texts, usage: Usage) -> list[tuple[str, str]]:
    cost = t("usage.no_price")
    if usage.cost is not None:
        cost = t.money(usage.cost, usage.currency)
    tokens = {"prompt_tokens": usage.prompt_tokens, "completion_tokens": usage.completion_tokens}
    return [
        (t("usage.requests"), t.number(usage.requests)),
        *((t(f"usage.{k}"), t.number(n) if n is not None else t("usage.not_told")) for k, n in tokens.items()),
        (t("usage.cost"), cost),
    ]


def _policy(m: Material) -> list[Section]:
    policy, t = m.policy, m.t
    if policy is None:
        return []
    everything: Sequence[str] = ("language", "voice", "face", "emotion")
    names = {name: t("component.visual") if name == "face" else t(f"component.{name}") for name in everything}
    items = [(t("policy.analysed"), ", ".join(names[n] for n in everything if n in policy.analyse))]
    if off := [names[n] for n in everything if n not in policy.analyse]:
        items.append((t("policy.not_analysed"), ", ".join(off)))
    whole = sum(policy.weights.values())
    weights = ", ".join(f"{t(f'component.{n}')} {t.percent(w / whole)}" for n, w in policy.weights.items() if w > 0)
    items += [
        (t("policy.weights"), weights),
        (t("policy.min_words"), t.number(policy.min_words)),
        (t("policy.min_speech_s"), t.short(policy.min_speech_s)),
        (t("policy.min_visible_ratio"), t.percent(policy.min_visible_ratio)),
        (t("policy.min_scored_weight"), t.percent(policy.min_scored_weight)),
    ]
    name = t("chip.policy", id=policy.id, version=policy.version)
    # A policy is written in English, or in whatever language its authors use: a quotation elsewhere.
    said = policy.description if t.language == "en" else f"“{policy.description}”"
    description = Text(text=said, lead=f"{name}:")
    blocks: list[Block] = [description, Facts(items=items)]
    if m.card.usage:
        blocks += [Heading(text=t("usage")), Facts(items=_usage(t, m.card.usage))]
    return [Section(title=t("policy"), blocks=blocks)]


def _how_to_read(m: Material) -> Section:
    keys = ("how_to_read.scale", "how_to_read.sources", "how_to_read.tie")
    return Section(title=m.t("how_to_read"), blocks=[Text(text=m.t(key)) for key in keys])


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
    head = [t("provenance.stage"), t("provenance.libraries"), t("provenance.models"), t("provenance.options")]
    return Section(title=t("provenance"), blocks=[Table(columns=[3, 3, 3, 5], head=head, rows=rows)])


def provenances(m: Material) -> list[Provenance]:
    """Every distinct producer of what the report shows."""
    produced: list[Produced | None] = [m.card, *m.card.answers]
    for d in m.details.values():
        produced += [d.media, d.transcript, d.face, d.voice, d.findings]
    found = {p.provenance.model_dump_json(): p.provenance for p in produced if p is not None}
    return sorted(found.values(), key=lambda p: p.analyzer)
