"""Does the score reward length? Answers of three qualities, short and long, and the same answers padded with filler.

    python bench/length.py

The local scorer rates the answers of `answers.tsv`. Printed are the correlations of score and
number of words, raw and with the quality that the writer aimed at held constant, and how far
the score of each answer rises when it is padded to twice its length.
"""

from __future__ import annotations

from statistics import median

from answers import Answer, rated, written
from mulakat.calibration.correlation import Correlation
from mulakat.calibration.length import length_report
from report import Bench

PADDING = {
    "en": (
        "So yeah, you know, it was like, really good.",
        "I mean, basically that is kind of what it was like.",
        "And so on and so forth, you know what I mean.",
        "Um, how should I put it, let me think about that for a second.",
        "That is a very good question, thank you for asking.",
        "And, uh, things like that, and all that kind of stuff.",
        "It was a very interesting time and I liked it a lot.",
        "As I said before, that was more or less the whole story.",
    ),
    "tr": (
        "Yani öyle işte, güzeldi, ne diyeyim.",
        "Dediğim gibi, falan filan, böyle şeyler işte.",
        "Nasıl desem bilmiyorum ki, bir düşüneyim.",
        "Bu gerçekten güzel bir soru, teşekkür ederim.",
        "Eee, yani, sonuçta böyle bir şeydi işte.",
        "Çok ilginç bir zamandı, ben çok sevdim.",
        "Dediğim gibi, aşağı yukarı her şey bu kadardı.",
        "Hani bilirsiniz ya, öyle şeyler oluyor işte.",
    ),
}


def padded(answer: Answer) -> Answer:
    """The answer with filler between and after its sentences, about twice as long."""
    sentences = answer.text.replace("? ", "?\n").replace(". ", ".\n").splitlines()
    filler = PADDING[answer.language]
    text: list[str] = []
    added = 0
    for i in range(10 * len(sentences)):
        text += sentences[i : i + 1]
        if added >= answer.words and i >= len(sentences):
            break
        text.append(filler[i % len(filler)])
        added += len(filler[i % len(filler)].split())
    return Answer(answer.language, answer.quality, " ".join(text))


def main() -> None:
    """The benchmark."""
    bench = Bench("length", "Length: does the score of the local scorer reward it?")
    answers = written()
    plain = [rated(answer)[1].overall.value for answer in answers]
    words = [float(answer.words) for answer in answers]
    quality = [float(answer.quality) for answer in answers]
    report = length_report({"score": plain}, words, quality)
    (row,) = report.rows
    assert row.given_rating is not None and row.rating_given_length is not None and report.rating is not None
    assert row.given_rating.r is not None and row.rating_given_length.r is not None
    table = bench.table(f"Correlations over {len(answers)} answers", "of", "r", "95 % interval")
    for name, found in (
        ("score and words", row.pearson),
        ("score and words, by ranks", row.spearman),
        ("score and words, quality held constant", row.given_rating),
        ("score and quality, words held constant", row.rating_given_length),
        ("quality and words", report.rating),
    ):
        table.add_row(name, *shown(found))
    apart = bench.table(
        "The same answers padded with filler", "language, quality, words", "score", "words", "padded", "rise"
    )
    rises = []
    for answer, before in zip(answers, plain, strict=True):
        longer = padded(answer)
        after = rated(longer)[1].overall.value
        if before is not None and after is not None:
            rises.append(after - before)
        apart.add_row(
            f"{answer.language}, {answer.quality}, {answer.words}",
            number(before),
            str(longer.words),
            number(after),
            number(None if before is None or after is None else after - before),
        )
    bench.note(
        "Quality is what the writer of the answers aimed at (1, 3 or 5), not a rating by people; quality and length "
        "are not tied to each other in this set."
    )
    bench.figure("r_length", row.pearson.r)
    bench.figure("rise_median", median(rises))
    bench.target("rise_worst", max(rises), at_most=2.0)
    bench.target("r_length_given_quality_abs", abs(row.given_rating.r), below=0.4)
    bench.target("r_quality_given_length", row.rating_given_length.r, at_least=0.5)
    bench.finish()


def shown(found: Correlation) -> tuple[str, str]:
    """A correlation and its interval, as a person reads them."""
    interval = f"{found.low:+.2f} … {found.high:+.2f}" if found.low is not None and found.high is not None else "–"
    return (f"{found.r:+.2f}" if found.r is not None else found.reason or "–"), interval


def number(value: float | None) -> str:
    """A score, or a dash where there is none."""
    return f"{value:.1f}" if value is not None else "–"


if __name__ == "__main__":
    main()
