"""The report for the person interviewed: plain words, nothing internal, nobody else's data.

What may stand here is listed, not what may not: reasons in the words of the candidates'
catalog, which is given no private values; no notes, no flags, no transcript (others may speak in it), no
addresses, and no link into the review app.
"""

from __future__ import annotations

from mulakat.presentation import scores
from mulakat.report.content import Block, Bullets, Facts, Heading, Headline, Item, Quotes, Section, Table, Text
from mulakat.report.material import Material
from mulakat.report.reviewer import provenances
from mulakat.schema.scores import ComponentScore


def sections(m: Material) -> list[Section]:
    """All sections, in order."""
    return [
        _result(m),
        _analyzed(m),
        *_language(m),
        *_delivery(m),
        _not_scored(m),
        _answers(m),
        _rights(m),
        _versions(m),
    ]


def _result(m: Material) -> Section:
    t, overall = m.t, m.card.overall
    blocks: list[Block] = [Text(text=t("you-intro")), Text(text=t("you-people"), tone="strong")]
    if overall.value is None:
        blocks.append(Headline(value=None, caption=t("not-scorable"), plot=None))
        blocks.append(Text(text=t("you-no-result", reason=m.why(overall.reason))))
        return Section(title=t("you-result"), blocks=blocks)
    value, interval = scores.value(t, overall), scores.interval(t, overall)
    caption = f"{t('overall')}, {t('interval', interval=interval)}"
    blocks.append(Headline(value=value, caption=caption, plot=m.plot(t("overall"), overall)))
    blocks.append(Text(text=t("you-result-meaning", value=value, interval=interval)))
    if m.card.provisional:
        blocks.append(Text(text=t("you-provisional"), tone="warn"))
    if m.card.sensitivity is not None and m.card.sensitivity.variants:
        low, high = t.number(m.card.sensitivity.low), t.number(m.card.sensitivity.high)
        blocks.append(Text(text=t("you-sensitivity", low=low, high=high)))
    return Section(title=t("you-result"), blocks=blocks)


def _analyzed(m: Material) -> Section:
    t = m.t
    rows = [[t.name("component", c.name), t.name("you-what", c.name), _counts(m, c)] for c in m.card.components]
    looked = m.policy is not None and "emotion" in m.policy.analyse
    rows.append([t("component-emotion"), t("you-what-emotion"), t("you-shown" if looked else "you-not-analysed")])
    head = [t("you-analysed-part"), t("you-analysed-what"), t("you-analysed-weight")]
    return Section(title=t("you-analysed"), blocks=[Table(columns=[3, 6, 5], head=head, rows=rows)])


def _counts(m: Material, component: ComponentScore) -> str:
    modality = "face" if component.name == "visual" else component.name
    if m.policy is not None and modality not in m.policy.analyse:
        return m.t("you-not-analysed")
    return m.weight(component, moved="you-weight-moved")


def _language(m: Material) -> list[Section]:
    t, card = m.t, m.card
    rubric = card.rubric.id if card.rubric else "–"
    found = [Section(title=t("you-language"), blocks=[Text(text=t("you-language-help", rubric=rubric))])]
    described = {c.id: c.description for c in m.rubric.competencies} if m.rubric else {}
    for c in card.competencies:
        blocks: list[Block] = [m.row(c.name, t("weight", weight=t.short(c.weight)), c.score)]
        if c.id in described:
            language = m.rubric.language if m.rubric and m.rubric.language != t.language else None
            blocks.append(Text(text=described[c.id], tone="soft", lang=language))
        if c.score.value is None:
            blocks.append(Text(text=t("not-scorable-why", reason=m.why(c.score.reason))))
        else:
            if c.rationale:
                blocks.append(m.rationale(c.rationale, lead=t("you-why")))
            blocks.append(Quotes(items=m.evidence(c.evidence)))
        found.append(Section(blocks=blocks))
    return found


def _delivery(m: Material) -> list[Section]:
    t = m.t
    blocks: list[Block] = [Text(text=t("you-delivery-help"))]
    for c in m.card.components:
        if c.name == "language" or c.score.value is None:
            continue
        blocks.append(m.row(t.name("component", c.name), m.weight(c), c.score, counts=c.weight > 0))
        blocks.append(Quotes(items=m.evidence(c.evidence)))
    return [Section(title=t("you-delivery"), blocks=blocks)] if len(blocks) > 1 else []


def _not_scored(m: Material) -> Section:
    t, card = m.t, m.card
    items = [Item(lead=c.name, text=m.why(c.score.reason)) for c in card.competencies if c.score.value is None]
    items += [
        Item(lead=t.name("component", c.name), text=m.why(c.score.reason))
        for c in card.components
        if c.weight > 0 and c.score.value is None
    ]
    scored = {c.name for c in card.components if c.score.value is not None}
    for answer in card.answers:
        items += [
            Item(lead=f"{m.answer(answer.answer_id)}, {t.name('component', c.name)}", text=m.why(c.score.reason))
            for c in answer.components
            if c.weight > 0 and c.score.value is None and c.name in scored and len(m.order) > 1
        ]
    items += [Item(lead=m.answer(a), text=t("you-answer-not-read")) for a in m.order if a not in m.scores]
    if not items:
        return Section(title=t("left-out"), blocks=[Text(text=t("you-all-scored"))])
    return Section(title=t("left-out"), blocks=[Bullets(items=items), Text(text=t("you-not-scored-help"), tone="soft")])


def _answers(m: Material) -> Section:
    blocks: list[Block] = []
    for answer_id in m.order:
        score = m.scores.get(answer_id)
        blocks.append(Heading(text=m.answer(answer_id)))
        question = m.question(answer_id)
        if question:
            blocks.append(Text(text=question, tone="strong"))
        if score is None:
            blocks.append(Text(text=m.t("you-answer-not-read")))
            continue
        if score.overall.value is not None:
            blocks.append(m.row(m.t("overall"), "", score.overall))
        poor = [m.t.name("quality", c.name) for c in score.quality if c.status != "good"]
        if poor:
            blocks.append(Text(lead=m.t("you-quality"), text=", ".join(poor), tone="soft"))
    return Section(title=m.t("you-answers"), blocks=blocks)


def _rights(m: Material) -> Section:
    t = m.t
    keys = ("you-people", "you-rights-contest", "you-rights-copy", "you-rights-erase")
    contact = t("you-rights-contact", contact=m.contact) if m.contact else t("you-rights-no-contact")
    name = t("you-rights-name", id=m.card.interview_id)
    return Section(
        title=t("you-rights"),
        blocks=[Bullets(items=[Item(text=t(key)) for key in keys]), Text(text=f"{contact} {name}", tone="strong")],
    )


def _versions(m: Material) -> Section:
    t, card = m.t, m.card
    items = [(t("you-versions-policy"), t("you-version", id=card.policy.id, version=card.policy.version))]
    if card.rubric:
        items.append((t("you-versions-rubric"), t("you-version", id=card.rubric.id, version=card.rubric.version)))
    if m.raters:
        items.append((t("you-versions-rater"), ", ".join(m.raters)))
    programs = ", ".join(dict.fromkeys(f"{p.analyzer} {p.version}" for p in provenances(m)))
    lead = t("you-versions-programs")
    return Section(title=t("you-versions"), blocks=[Facts(items=items), Text(lead=lead, text=programs, tone="soft")])
