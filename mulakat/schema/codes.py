"""The closed set of codes of all reasons, each with the names and kinds of its values.

Apart from `reasons`, so that the children that read recordings, which raise errors but write no results, start
without pydantic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

WORDS: Mapping[str, tuple[str, ...]] = {
    "component": ("language", "voice", "visual"),
    "modality": ("face", "voice", "language", "emotion"),
    "stage": (
        "fetch_media",
        "extract_audio",
        "transcribe",
        "analyse_face",
        "analyse_emotion",
        "analyse_voice",
        "analyse_language",
        "score_answer",
    ),
    "measure": ("pace", "pauses", "fillers", "pitch_range"),
    "story": ("situation", "action", "reason", "result"),
    "unseen": ("no face", "too small", "cut off", "too dark", "blurred", "turned away", "mouth covered", "no picture"),
    "variant": ("names", "fillers", "recogniser", "numbers"),
}
"""Closed lists that values are chosen from."""


@dataclass(frozen=True)
class NumberKind:
    """A number, kept to `digits` places, or to `FIGURES` figures. `private`: not for candidates, e.g. a threshold."""

    unit: str = ""
    digits: int | None = 0
    private: bool = False


@dataclass(frozen=True)
class ShareKind:
    """A share of 1, kept to `digits` places of a percent."""

    digits: int = 0
    private: bool = False


@dataclass(frozen=True)
class WordKind:
    """One word of `WORDS[of]`; `many`: a list of them."""

    of: str
    many: bool = False
    private: bool = False


@dataclass(frozen=True)
class LanguageKind:
    """The code of a language, ISO 639."""

    private: bool = False


@dataclass(frozen=True)
class TextKind:
    """Text from outside; `many`: a list. Private unless it is known to hold nothing but what a candidate may read."""

    many: bool = False
    private: bool = True


@dataclass(frozen=True)
class NestedKind:
    """Other reasons, at least one, joined with `joint`."""

    joint: str = "; "
    private: bool = False


Kind = NumberKind | ShareKind | WordKind | LanguageKind | TextKind | NestedKind

COUNT = NumberKind()
NEEDED = NumberKind(private=True)
SECONDS = NumberKind("s", 1)
SECONDS_NEEDED = NumberKind("s", None, private=True)
SHARE = ShareKind()
SHARE_NEEDED = ShareKind(private=True)
SOURCE = TextKind()  # of a reference band
NAME = TextKind(private=False)  # of a rubric, policy or competency
NAMES = TextKind(many=True, private=False)
ANSWER = TextKind()
MESSAGE = TextKind()  # of an error: may hold addresses and names
QUOTE = TextKind()  # may be another person's words
WHY = NestedKind()


class Code(StrEnum):
    """All reasons there are, each with the names and kinds of its values (`docs/reasons.md` lists them)."""

    kinds: Mapping[str, Kind]

    def __new__(cls, code: str, kinds: Mapping[str, Kind] | None = None) -> Self:
        self = str.__new__(cls, code)
        self._value_ = code
        self.kinds = kinds or {}
        return self

    # A recording or text that is refused; `message` says it in English to whoever runs the machine.
    INPUT_REFUSED = "input_refused", {"message": MESSAGE}
    RECORDING_MISSING = "recording_missing", {"message": MESSAGE}
    RECORDING_NOT_FETCHED = "recording_not_fetched", {"message": MESSAGE}
    RECORDING_CHANGED = "recording_changed", {"message": MESSAGE}
    RECORDING_EMPTY = "recording_empty", {"message": MESSAGE}
    RECORDING_UNREADABLE = "recording_unreadable", {"message": MESSAGE}
    SEVERAL_RECORDINGS = "several_recordings", {"message": MESSAGE}
    RECORDING_TOO_LARGE = "recording_too_large", {"message": MESSAGE}
    RECORDING_TOO_LONG = "recording_too_long", {"message": MESSAGE}
    NOT_A_RECORDING = "not_a_recording", {"message": MESSAGE}
    NOTHING_TO_SEE_OR_HEAR = "nothing_to_see_or_hear", {"message": MESSAGE}
    NOT_PLAIN_TEXT = "not_plain_text", {"message": MESSAGE}
    TEXT_TOO_LONG = "text_too_long", {"message": MESSAGE}
    TEXT_EMPTY = "text_empty", {"message": MESSAGE}
    LANGUAGE_NOT_KNOWN = "language_not_known", {"message": MESSAGE}
    # Trouble that is not the recording's.
    MACHINE_LACKS = "machine_lacks", {"message": MESSAGE}
    TROUBLE = "trouble", {"message": MESSAGE}
    UNEXPECTED = "unexpected", {"message": MESSAGE}
    INTERRUPTED = "interrupted"
    SEE_RUN = "see_run"
    STOPPED = "stopped"
    SUPERSEDED = "superseded"

    # Nothing to measure.
    WRITTEN_ANSWER = "written_answer"
    NO_PICTURE = "no_picture"
    NO_SOUND = "no_sound"
    PICTURE_UNREADABLE = "picture_unreadable"
    SOUND_UNREADABLE = "sound_unreadable"
    TOO_MANY_CHANNELS = "too_many_channels", {"channels": COUNT}
    NO_WORDS = "no_words"
    NO_VOICE = "no_voice"
    TEXT_LANGUAGE_UNKNOWN = "text_language_unknown"
    FACE_NOWHERE = "face_nowhere"
    STAGE_NOT_RUN = "stage_not_run", {"stage": WordKind("stage")}
    NOT_IN_POLICY = "not_in_policy", {"policy": NAME, "part": WordKind("modality")}
    NOT_ANALYZED = "not_analyzed"
    NOT_MEASURED = "not_measured"

    # Measures of the face.
    ONE_PICTURE = "one_picture"
    FACE_NEVER_VISIBLE = "face_never_visible", {"problems": NestedKind(", ")}
    FACE_PROBLEM = "face_problem", {"problem": WordKind("unseen"), "frames": COUNT, "of": COUNT}
    FACE_UNSEEN = "face_unseen", {"problems": NestedKind(", ")}
    FACE_UNSEEN_SHARE = "face_unseen_share", {"problem": WordKind("unseen"), "share": SHARE}
    GAZE_TOO_SHORT = "gaze_too_short", {"needed_s": SECONDS_NEEDED}
    EMOTION_CAUTION = "emotion_caution"

    # Measures of the voice.
    UNSPACED_LANGUAGE = "unspaced_language", {"language": LanguageKind()}
    NO_SYLLABLES = "no_syllables"
    NO_PAUSES = "no_pauses"
    NO_PUNCTUATION = "no_punctuation"
    NO_FILLER_LIST = "no_filler_list", {"language": LanguageKind()}
    TOO_FEW_SYLLABLES = "too_few_syllables", {"pairs": COUNT, "needed": NEEDED}
    TOO_FEW_CYCLES = "too_few_cycles", {"cycles": COUNT, "needed": NEEDED}
    CYCLES_UNLIKE = "cycles_unlike"
    TOO_FEW_WORDS_FOR_RATE = "too_few_words_for_rate", {"words": COUNT, "needed": NEEDED}
    TOO_SHORT_TO_COUNT = "too_short_to_count", {"span_s": SECONDS, "needed_s": SECONDS_NEEDED}
    TOO_LITTLE_VOICED = "too_little_voiced", {"voiced_s": NumberKind("s", 2), "needed_s": SECONDS_NEEDED}
    TOO_NOISY = "too_noisy", {"snr_db": NumberKind("dB"), "needed_db": NumberKind("dB", private=True)}
    NOISE_UNKNOWN = "noise_unknown", {"why": WHY}
    SILENT = "silent"
    DIGITAL_SILENCE = "digital_silence"
    TOO_LITTLE_NOISE = "too_little_noise", {"needed_s": SECONDS_NEEDED}
    SPEECH_NOT_LOUDER = "speech_not_louder"
    CLIPPED = "clipped", {"share": ShareKind(2), "most": ShareKind(1, private=True)}

    # Flags.
    SEVERAL_FACES = "several_faces"
    OTHER_FACE = "other_face"
    STILL_PICTURE = "still_picture"
    PICTURE_MISSING = "picture_missing"
    OTHER_VOICE = "other_voice", {"speaker": COUNT, "likeness": NumberKind(digits=2, private=True)}
    TWO_VOICES = "two_voices"
    MUTED = "muted", {"seconds": SECONDS}
    UNWRITTEN = "unwritten", {"seconds": SECONDS}
    SOUND_MISSING = "sound_missing", {"seconds": SECONDS}
    STILL_LIPS = "still_lips", {"seconds": SECONDS}

    # What is not rated, and how.
    TOO_FEW_WORDS = "too_few_words", {"words": COUNT, "needed": NEEDED, "policy": NAME}
    OTHER_LANGUAGE = "other_language", {"found": LanguageKind(), "wanted": LanguageKind(), "rubric": NAME}
    WHOSE_ANSWER = "whose_answer", {"voices": COUNT, "share": SHARE_NEEDED}
    OTHER_VOICE_LEFT_OUT = "other_voice_left_out", {"quote": QUOTE}
    INJECTION_LEFT_OUT = "injection_left_out", {"quote": QUOTE}
    OFF_TOPIC = "off_topic"
    QUESTION_NOT_NAMED = "question_not_named"
    QUESTION_UNKNOWN = "question_unknown", {"rubric": NAME}
    QUESTION_NOT_RATED = "question_not_rated", {"rubric": NAME}
    FALLBACK_RATED = "fallback_rated", {"message": MESSAGE}
    VARIANT_NOT_RATED = "variant_not_rated", {"variant": WordKind("variant"), "message": MESSAGE}

    # What a rater says.
    RATER_SAYS = "rater_says", {"text": TextKind(private=False)}  # the model's own words about the answer
    RATER_ABSTAINS = "rater_abstains", {"text": TextKind()}
    RATER_FOUND_NOTHING = "rater_found_nothing"
    RATER_GAVE_NO_REASON = "rater_gave_no_reason"
    RATER_GAVE_NO_RATING = "rater_gave_no_rating", {"why": WHY}
    REPLY_UNUSABLE = "reply_unusable", {"message": MESSAGE}
    RATING_INVALID = "rating_invalid", {"competency": NAME, "message": MESSAGE}
    RATING_MISSING = "rating_missing", {"competency": NAME}
    RATED_TWICE = "rated_twice", {"competency": NAME}
    LEVEL_WITHOUT_QUOTE = "level_without_quote", {"competency": NAME}
    QUOTES_NOT_FOUND = "quotes_not_found", {"competency": NAME, "quotes": TextKind(many=True)}
    TELLS = "tells", {"parts": WordKind("story", many=True)}
    TOUCHES = "touches"
    CLAIMS = "claims"
    NOTHING_SAID = "nothing_said"

    # Evidence: measures against their reference bands.
    PACE = (
        "pace",
        {
            "sps": NumberKind("syllables/s", 1),
            "low": NumberKind("syllables/s", 1, private=True),
            "high": NumberKind("syllables/s", 1, private=True),
            "source": SOURCE,
        },
    )
    PAUSES = "pauses", {"share": SHARE, "high": SHARE_NEEDED, "source": SOURCE}
    FILLERS = (
        "fillers",
        {
            "per_min": NumberKind("per minute", 1),
            "high": NumberKind("per minute", None, private=True),
            "source": SOURCE,
        },
    )
    PITCH_RANGE = (
        "pitch_range",
        {
            "semitones": NumberKind("semitones", 1),
            "low": NumberKind("semitones", None, private=True),
            "high": NumberKind("semitones", None, private=True),
            "source": SOURCE,
        },
    )
    FACE_VISIBLE = "face_visible", {"share": SHARE, "low": SHARE_NEEDED, "source": SOURCE}
    ON_CAMERA = "on_camera", {"share": SHARE, "low": SHARE_NEEDED, "source": SOURCE}
    PAUSE = "pause", {"seconds": SECONDS}
    LOOKS_AWAY = "looks_away", {"seconds": SECONDS}

    # Why there is no score.
    NO_RATING = "no_rating"
    NO_EVIDENCE = "no_evidence"
    NOTHING_RATED = "nothing_rated"
    UNDER_CHANGE = "under_change"
    TOO_LITTLE_SPEECH = (
        "too_little_speech",
        {"speech_s": SECONDS, "needed_s": SECONDS_NEEDED, "policy": NAME},
    )
    FACE_SELDOM_VISIBLE = (
        "face_seldom_visible",
        {"share": SHARE, "needed": SHARE_NEEDED, "policy": NAME},
    )
    GAZE_NOT_MEASURED = "gaze_not_measured"
    NO_BAND = "no_band", {"language": LanguageKind()}
    LANGUAGE_NOT_RECOGNIZED = "language_not_recognized"
    OF_MEASURE = "of_measure", {"measure": WordKind("measure"), "why": WHY}
    START_MISSING = "start_missing", {"seconds": SECONDS}
    END_MISSING = "end_missing", {"seconds": SECONDS}
    OTHER_TRACK = "other_track", {"track": COUNT, "tracks": COUNT}
    VOICE_WITHOUT = "voice_without", {"why": WHY}
    TOO_FEW_MEASURES = "too_few_measures", {"why": WHY}
    UNFIT_RESOLUTION = "unfit_resolution", {"value": COUNT, "limit": NEEDED}
    UNFIT_FRAME_RATE = (
        "unfit_frame_rate",
        {"value": NumberKind("Hz", 1), "limit": NumberKind("Hz", private=True)},
    )
    UNFIT_BRIGHTNESS = "unfit_brightness", {"value": COUNT, "limit": NEEDED}
    UNFIT_SHARPNESS = "unfit_sharpness", {"value": NumberKind(digits=4), "limit": NumberKind(digits=4, private=True)}
    UNFIT_LEVEL = "unfit_level", {"value": NumberKind("dBFS"), "limit": NumberKind("dBFS", private=True)}
    UNFIT_SNR = "unfit_snr", {"value": NumberKind("dB"), "limit": NumberKind("dB", private=True)}
    UNFIT_CLIPPING = "unfit_clipping", {"value": ShareKind(1), "limit": ShareKind(1, private=True)}
    UNFIT_DROPOUTS = "unfit_dropouts", {"value": ShareKind(1), "limit": ShareKind(1, private=True)}
    UNFIT_LOST_PICTURES = "unfit_lost_pictures", {"value": ShareKind(1), "limit": ShareKind(1, private=True)}
    UNFIT_CUT_OFF = "unfit_cut_off", {"value": ShareKind(1), "limit": ShareKind(1, private=True)}

    # How parts make a whole.
    SEVERAL = "several", {"why": WHY}
    OF_COMPONENTS = "of_components", {"parts": WordKind("component", many=True), "why": WHY}
    OF_COMPETENCIES = "of_competencies", {"parts": NAMES, "why": WHY}
    OF_ANSWER = "of_answer", {"answer": ANSWER, "why": WHY}
    OF_COMPONENT_IN_ANSWER = (
        "of_component_in_answer",
        {"part": WordKind("component"), "answer": ANSWER, "why": WHY},
    )
    COMPONENT_SHARE = "component_share", {"part": WordKind("component"), "share": SHARE}
    COMPETENCY_SHARE = "competency_share", {"part": NAME, "share": SHARE}
    LEFT_OUT = "left_out", {"why": WHY, "shares": NestedKind(", ")}
    LANGUAGE_LEFT_OUT = "language_left_out", {"why": WHY, "shares": NestedKind(", ")}
    NEEDS_WEIGHT = "needs_weight", {"policy": NAME, "share": SHARE_NEEDED, "why": WHY}
    NEEDS_COMPONENTS = "needs_components", {"policy": NAME, "why": WHY}
    NEEDS_COMPETENCIES = "needs_competencies", {"policy": NAME, "why": WHY}
    SHOWN_NOT_SCORED = "shown_not_scored", {"part": WordKind("component"), "policy": NAME}
    ANSWER_NOT_SCORED = "answer_not_scored", {"answer": ANSWER}
    SCORED_WITHOUT = "scored_without", {"answers": TextKind(many=True)}
    NO_ANSWER_SCORED = "no_answer_scored"
    NO_ANSWER_SCORED_BECAUSE = "no_answer_scored_because", {"why": WHY}
    NO_RATED_ANSWER = "no_rated_answer"
    NOT_ASKED = "not_asked"
    PERHAPS_ASKED = "perhaps_asked", {"answers": TextKind(many=True)}
