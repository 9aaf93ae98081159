"""Result types of all analyzers: frozen, JSON-ready, free of heavy imports.

Conventions:

* Times are seconds on the recording's presentation clock, 0 = its first moment.
* A value that was not measured is `None`, never 0; the stage says why.
* Time series are columns of equal length, `t_s` first; `None` marks a gap.
* Angles are degrees. `yaw` > 0: the face turns towards the right edge of the
  picture; `pitch` > 0: it looks up; `roll` > 0: the head tilts clockwise in the
  picture.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Column = list[float | None]


class Result(BaseModel):
    """Base of every result: immutable, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Provenance(Result):
    """What produced a result."""

    analyzer: str
    version: str
    options: dict[str, object] = Field(default_factory=dict)
    libraries: dict[str, str] = Field(default_factory=dict)
    models: dict[str, str] = Field(default_factory=dict, description="model name → sha256")


class Produced(Result):
    """A stage's result: carries what produced it."""

    provenance: Provenance


class StageResult(Result):
    """One stage of one answer at one fingerprint: `ok` with a payload, or `skipped` with a reason."""

    answer_id: str
    stage: str
    fingerprint: str
    status: Literal["ok", "skipped"]
    reason: str | None = None
    payload: dict[str, object] | None = None
    seconds: float


class TimeRange(Result):
    """From `start_s` to `end_s`."""

    start_s: float
    end_s: float


class Flag(TimeRange):
    """Something a person should look at; never a verdict."""

    kind: Literal[
        "several_people",
        "another_person",
        "still_picture",
        "lips_do_not_move",
        "speaker_change",
        "overlapping_speech",
    ]
    note: str = Field(description="what was seen or heard, in a sentence")


# --- media -------------------------------------------------------------------


class VideoStream(Result):
    """The picture stream. `width` × `height` as stored; to show it, mirror it if `mirrored`, then turn it."""

    codec: str
    width: int
    height: int
    fps: float | None
    rotation_deg: int = Field(description="how far to turn it counter-clockwise: -90, 0, 90 or 180")
    mirrored: bool = Field(False, description="left and right change places before it is turned")


class AudioStream(Result):
    """The sound stream as stored."""

    codec: str
    sample_rate_hz: int
    channels: int


class TextStream(Result):
    """A written answer: its own words, typed."""

    characters: int


class Media(Produced):
    """A fetched and probed answer (stage `fetch_media`): a recording with picture, sound or both, or a text."""

    sha256: str
    size_bytes: int
    container: str
    duration_s: float | None = Field(description="None for a text")
    video: VideoStream | None
    audio: AudioStream | None
    text: TextStream | None = Field(None, description="instead of picture and sound")


class Audio(Produced):
    """Sound as 16 kHz mono, aligned to the presentation clock (stage `extract_audio`)."""

    sample_rate_hz: int
    duration_s: float
    sha256: str = Field(description="of the PCM samples")
    peak_dbfs: float | None = Field(description="None for digital silence")
    clipped_ratio: float
    channels: list[int] = Field(default_factory=list, description="channels of the stream, from 0, that were mixed")
    dropouts: list[TimeRange] = Field(default_factory=list, description="sound that is missing between sound")


# --- speech ------------------------------------------------------------------


class Word(Result):
    """One spoken word; `probability` is the recogniser's own, 0–1."""

    text: str
    start_s: float
    end_s: float
    probability: float


class WrittenWord(Result):
    """One word of a written answer: it has a paragraph instead of a time, and nobody had to recognise it."""

    text: str
    paragraph: int = Field(0, ge=0)
    start_s: None = None
    end_s: None = None
    probability: None = None


AnyWord = Word | WrittenWord


class Segment(Result):
    """A stretch of speech, usually a sentence; a paragraph of a written answer, without times."""

    text: str
    start_s: float | None
    end_s: float | None
    language: str | None = Field(None, description="ISO 639-1, of this stretch")


class FilledPause(TimeRange):
    """A hesitation sound such as "um"; the recogniser leaves most of them out, so they are looked for in the sound."""

    written: bool = Field(description="it stands in the words; otherwise it was only found in the sound")


class Turn(TimeRange):
    """One person speaking. Speaker 0 is who speaks most."""

    speaker: int = Field(ge=0)


class Transcript(Produced):
    """What was said or written (stage `transcribe`). `words` are monotonic in time."""

    language: str | None = Field(description="ISO 639-1; None when there are no words, or `reasons` says why")
    language_probability: float | None
    text: str
    segments: list[Segment]
    words: list[Word] | list[WrittenWord]
    filled_pauses: list[FilledPause] = Field(default_factory=list, description="in order of time")
    speech_s: float | None = Field(description="seconds of speech found by voice activity detection; None for a text")
    turns: list[Turn] = Field(default_factory=list, description="who speaks when, in order of time")
    flags: list[Flag] = Field(default_factory=list)
    reasons: dict[str, str] = Field(default_factory=dict, description="field that is empty → why it was not measured")

    @property
    def spoken(self) -> list[Word]:
        """The words that have times: all, or, in a written answer, none."""
        return [word for word in self.words if isinstance(word, Word)]


# --- face --------------------------------------------------------------------


class Spread(Result):
    """Median and the 5th and 95th percentile."""

    median: float
    p05: float
    p95: float


class HeadPose(Result):
    """Head pose over the visible frames, degrees; signs as in the module docstring."""

    yaw: Spread
    pitch: Spread
    roll: Spread


class Picture(Result):
    """The picture's technical quality over the sampled frames (medians), on the face where there is one."""

    brightness: float = Field(ge=0, le=255, description="luma")
    sharpness: float = Field(ge=0, description="variance of the Laplacian ÷ variance of the picture, at a fixed size")
    frame_rate_hz: float = Field(ge=0, description="pictures per second that differ from the one before")


class FaceTrack(Produced):
    """The candidate's face over time (stage `analyse_face`).

    `track` columns: `t_s`, `visible` (0/1), `faces`, `yaw_deg`, `pitch_deg`,
    `roll_deg`, `gaze_yaw_deg`, `gaze_pitch_deg`, `on_camera` (0/1), `mouth_open`
    (gap between the inner lips ÷ height of the face) and one per expression channel.
    """

    visible_ratio: float = Field(ge=0, le=1)
    max_faces: int
    on_camera_ratio: float | None = Field(
        description="share of visible frames with gaze near the person's own baseline"
    )
    on_camera_low: float | None = Field(None, description="that share, were all gazes further off by the error")
    on_camera_high: float | None = Field(None, description="that share, were all gazes nearer by the error")
    gaze_error_deg: float | None = Field(None, description="standard error of one gaze direction")
    look_aways: list[TimeRange]
    head_pose_deg: HeadPose | None
    expression: dict[str, float | None] = Field(description="channel → mean over visible frames, 0–1")
    not_visible: dict[str, float] = Field(default_factory=dict, description="reason → share of sampled frames")
    flags: list[Flag] = Field(default_factory=list)
    picture: Picture | None = None
    reasons: dict[str, str] = Field(default_factory=dict, description="field that is None → why it was not measured")
    sample_rate_hz: float
    track: dict[str, Column]


class Accuracy(Result):
    """How often a classifier was right on labelled pictures, with a 95 % Wilson interval."""

    value: float = Field(ge=0, le=1)
    low: float = Field(ge=0, le=1)
    high: float = Field(ge=0, le=1)
    pictures: int = Field(ge=0)
    source: str = Field(description="where the figures stand")


class EmotionTrack(Produced):
    """Emotion words for the candidate's face (stage `analyse_emotion`); shown, never scored.

    `track` columns: `t_s` and one per label, its probability 0–1; frames in which the
    face was not visible are left out.
    """

    shares: dict[str, float] = Field(description="label → share of the frames in which it was the likeliest")
    accuracy: Accuracy
    caution: str = Field(description="what the labels do not say; to be shown with them")
    sample_rate_hz: float
    track: dict[str, Column]


# --- voice -------------------------------------------------------------------


class Pause(TimeRange):
    """A silence between stretches of speech, and where it lies by the transcript's punctuation."""

    place: Literal["between_sentences", "between_clauses", "inside"] | None = Field(
        default=None, description="None where the transcript has no punctuation"
    )


class VoiceTrack(Produced):
    """How it was said (stage `analyse_voice`).

    `track` columns: `t_s`, `f0_hz` (gap = unvoiced), `loudness_db` (0 = this speaker's usual
    level in this recording; gap = digital silence).
    """

    f0_hz: Spread | None
    pitch_range_semitones: float | None
    pitch_variation_semitones: float | None = Field(default=None, description="standard deviation of F0")
    speech_rate_wpm: float | None = Field(description="words per minute, pauses included")
    articulation_rate_sps: float | None = Field(description="syllables per second of speech")
    pause_ratio: float | None = Field(description="pauses ÷ time from first to last speech")
    pauses: list[Pause]
    long_pauses_per_min: float | None = Field(default=None, description="pauses of 1 s and more")
    pauses_inside_ratio: float | None = Field(default=None, description="share of pauses inside a clause")
    fillers_per_min: float | None
    voiced_ratio: float | None = Field(default=None, description="voiced time ÷ time of speech without pauses")
    syllable_npvi: float | None = Field(default=None, description="unevenness of syllable lengths, 0 = even … 200")
    jitter_ratio: float | None = Field(default=None, description="jitter (local); 0.01 = 1 %")
    shimmer_ratio: float | None = Field(default=None, description="shimmer (local); 0.01 = 1 %")
    loudness_range_db: float | None = Field(default=None, description="5th to 95th percentile of voiced speech")
    loudness_dbfs: float | None = Field(
        description="RMS level of the speech as recorded: the microphone's gain, never compared between people"
    )
    snr_db: float | None
    reasons: dict[str, str] = Field(default_factory=dict, description="field that is None → why it was not measured")
    track: dict[str, Column]


# --- language ----------------------------------------------------------------


class Evidence(Result):
    """Where a judgement rests: a time range, with the words or a note on what was measured.

    A quote from a written answer has no times.
    """

    answer_id: str | None = None
    stage: str
    start_s: float | None
    end_s: float | None
    quote: str | None = None
    note: str | None = None


class Usage(Result):
    """What asking language models took. Tokens are None when an endpoint did not tell, cost when no price is set."""

    requests: int = Field(ge=0, description="that were answered")
    prompt_tokens: int | None
    completion_tokens: int | None
    cost: float | None = None
    currency: str | None = None


class Rating(Result):
    """One competency in one answer. `level` None = not scorable, `reason` says why."""

    competency: str
    level: float | None = Field(ge=1, le=5)
    uncertainty: float | None = Field(description="± in levels")
    reason: str
    evidence: list[Evidence]


VariantKind = Literal["names", "fillers", "recogniser", "numbers"]


class VariantRating(Result):
    """The answer rated once more with a harmless change: what the same rater said then."""

    kind: VariantKind
    changed_words: int
    levels: dict[str, float | None] = Field(
        default_factory=dict, description="competency → level under the change, None = not scorable; of one answer"
    )
    points: float | None = Field(description="0–100 under the change; None = not scorable")


class Sensitivity(Result):
    """How far the points move under harmless changes of the text."""

    badge: Literal["steady", "moves", "unsteady"]
    low: float = Field(description="lowest points, the original included")
    high: float
    variants: list[VariantRating] = Field(description="only those that changed a word")


class Findings(Produced):
    """The answer held against the rubric (stage `analyse_language`)."""

    rater: str = Field(description="`llm:<model>`, `local`, or `none` when nothing could be rated")
    provisional: bool = Field(description="True when the local fallback rated")
    ratings: list[Rating]
    notes: list[str] = Field(default_factory=list, description="for the reviewer, e.g. why the fallback rated")
    usage: Usage | None = Field(None, description="what asking an endpoint took; None when none was asked")
    stand_in: bool = Field(False, description="an endpoint was to rate and failed; the next analysis asks it again")
    sensitivity: Sensitivity | None = Field(None, description="language points; None when it was not checked")


# --- scores ------------------------------------------------------------------


SourceName = Literal["rater", "wording", "recogniser", "amount", "capture", "reference", "measurement", "answers"]


class UncertaintySource(Result):
    """One source of a score's interval. `points`: half the interval's width, were it the only source.

    rater: agreement with other raters; wording: spread over harmless changes; recogniser: doubtful words;
    amount: how much was said; capture: picture and sound; reference: the bands themselves;
    measurement: missing or inexact measures; answers: spread between answers.
    """

    name: SourceName
    points: float = Field(ge=0)


class Score(Result):
    """0–100 with an interval, or `value` None and the reason it is not scorable."""

    value: float | None = Field(ge=0, le=100)
    low: float | None
    high: float | None
    reason: str | None = Field(description="why not scorable; None when scored")
    sources: list[UncertaintySource] = Field(
        default_factory=list, description="largest first; the root of the sum of their squares is half the interval"
    )


Component = Literal["language", "voice", "visual"]
QualityName = Literal["resolution", "frame_rate", "brightness", "sharpness", "level", "snr", "clipping", "dropouts"]


class QualityCheck(Result):
    """One property of the recording that analyses depend on, held against its limits.

    poor < unusable: more is worse; poor > unusable: less is worse.
    """

    name: QualityName
    value: float
    unit: str
    poor: float
    unusable: float
    status: Literal["good", "poor", "unusable"]
    affects: list[Component] = Field(description="components that are not scored when it is unusable")
    message: str = Field(description="a sentence for a person")


class ComponentScore(Result):
    """Language, voice or visual: its score, its weight under the policy, its evidence."""

    name: Component
    weight: float
    score: Score
    evidence: list[Evidence]


class CompetencyScore(Result):
    """One competency of the rubric."""

    id: str
    name: str
    weight: float
    score: Score
    evidence: list[Evidence]
    rationale: str | None = None


class AnswerScore(Produced):
    """One answer's scores (stage `score_answer`)."""

    answer_id: str
    question: str | None
    overall: Score
    components: list[ComponentScore]
    competencies: list[CompetencyScore]
    quality: list[QualityCheck] = Field(default_factory=list)
    flags: list[Flag] = Field(default_factory=list)
    provisional: bool
    notes: list[str] = Field(default_factory=list, description="what was left out and how weights moved")
    sensitivity: Sensitivity | None = Field(None, description="overall points; None when it was not checked")
    usage: Usage | None = Field(None, description="what asking a language model took; None when none was asked")


class Missing(Result):
    """Something that could not be analysed, and why."""

    answer_id: str
    stage: str
    reason: str


class Versioned(Result):
    """Name and version of a configuration document."""

    id: str
    version: str


class Scorecard(Produced):
    """One interview's scores (stage `score_interview`)."""

    interview_id: str
    rubric: Versioned | None
    policy: Versioned
    overall: Score
    components: list[ComponentScore]
    competencies: list[CompetencyScore]
    answers: list[AnswerScore]
    missing: list[Missing]
    provisional: bool
    notes: list[str] = Field(default_factory=list, description="what was left out and how weights moved")
    sensitivity: Sensitivity | None = Field(None, description="overall points; None when it was not checked")
    usage: Usage | None = Field(None, description="over the answers; None when no language model was asked")


class AnswerDetails(Result):
    """What was measured in one answer, for a reader: as much as there is."""

    answer_id: str
    question: str | None = None
    media: Media | None = None
    transcript: Transcript | None = None
    face: FaceTrack | None = None
    voice: VoiceTrack | None = None
    findings: Findings | None = None
