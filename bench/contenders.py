"""What `mulakat analyze` is measured against, each in a process of its own without network.

* `naive`: the pipeline people write first, as a script from its first import to its end. Every
  library as its own documentation shows it, one after another; words with times, since pace,
  pauses and evidence need them.
* `floor`: only the four models' own work, on the frames and the sound that ours looks at,
  everything loaded beforehand. No product can do less with these models one after another.

Each returns seconds by part (float) and the text it heard.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import numpy as np

from analyzers.face import Options

SAMPLE_RATE_HZ = 16_000
LOOKS_PER_S = Options().sample_rate_hz
"""Frames per second that ours looks at."""


def naive(clip: str, whisper_checkpoint: str, face_model: str, *, progress: Callable[[float], None]) -> dict[str, Any]:
    """OpenCV reads every frame, FaceLandmarker on each, openai-whisper base in float32, librosa.pyin."""
    with _granted(progress):
        return _naive(clip, whisper_checkpoint, face_model)


def _naive(clip: str, whisper_checkpoint: str, face_model: str) -> dict[str, Any]:
    seconds = {}
    started = time.perf_counter()
    import cv2
    import librosa
    import mediapipe
    import whisper

    model = whisper.load_model(whisper_checkpoint, device="cpu")
    seconds["start"] = time.perf_counter() - started

    started = time.perf_counter()
    video = cv2.VideoCapture(clip)
    with _landmarker(face_model) as landmarker:
        index = 0
        while True:
            read, bgr = video.read()
            if not read:
                break
            image = mediapipe.Image(mediapipe.ImageFormat.SRGB, cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))
            landmarker.detect_for_video(image, round(1000 * index / video.get(cv2.CAP_PROP_FPS)))
            index += 1
    seconds["face"] = time.perf_counter() - started

    started = time.perf_counter()
    audio = _sound(clip)
    text = model.transcribe(audio, fp16=False, word_timestamps=True)["text"]
    seconds["speech"] = time.perf_counter() - started

    started = time.perf_counter()
    sound = librosa.resample(audio, orig_sr=SAMPLE_RATE_HZ, target_sr=22_050)  # what librosa.load gives by default
    librosa.pyin(sound, sr=22_050, fmin=librosa.note_to_hz("C2"), fmax=librosa.note_to_hz("C7"))
    seconds["pitch"] = time.perf_counter() - started
    return {"seconds": seconds, "text": text}


def floor(clip: str, whisper_folder: str, face_model: str, *, progress: Callable[[float], None]) -> dict[str, Any]:
    """Bare decode, bare FaceLandmarker on the sampled frames, bare faster-whisper int8, bare swift-f0."""
    with _granted(progress):
        return _floor(clip, whisper_folder, face_model)


def _floor(clip: str, whisper_folder: str, face_model: str) -> dict[str, Any]:
    import av
    import mediapipe
    from faster_whisper import WhisperModel
    from swift_f0 import SwiftF0

    model = WhisperModel(whisper_folder, device="cpu", compute_type="int8", local_files_only=True)
    pitch = SwiftF0()
    audio = _sound(clip)
    seconds = {"decode": 0.0, "face": 0.0}
    with _landmarker(face_model) as landmarker, av.open(clip) as file:
        stream = file.streams.video[0]
        stream.thread_type = "AUTO"
        slot = -1
        started = time.perf_counter()
        for frame in file.decode(stream):
            if int(frame.time * LOOKS_PER_S + 1e-3) == slot:
                continue
            slot = int(frame.time * LOOKS_PER_S + 1e-3)
            rgb = frame.to_ndarray(format="rgb24")
            seconds["decode"] += time.perf_counter() - started
            started = time.perf_counter()
            landmarker.detect_for_video(
                mediapipe.Image(mediapipe.ImageFormat.SRGB, np.ascontiguousarray(rgb)), round(1000 * frame.time)
            )
            seconds["face"] += time.perf_counter() - started
            started = time.perf_counter()
        seconds["decode"] += time.perf_counter() - started

    started = time.perf_counter()
    segments, _ = model.transcribe(audio)
    text = " ".join(segment.text for segment in segments)
    seconds["speech"] = time.perf_counter() - started

    started = time.perf_counter()
    pitch.detect(audio, SAMPLE_RATE_HZ)
    seconds["pitch"] = time.perf_counter() - started
    return {"seconds": seconds, "text": text}


@contextmanager
def _granted(progress: Callable[[float], None]) -> Iterator[None]:
    """Signs of progress meanwhile: a child without any is stopped after two minutes of computing."""
    done = Event()

    def tell() -> None:
        while not done.wait(10.0):
            progress(0.5)

    teller = Thread(target=tell)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()


def _landmarker(model: str) -> Any:
    from mediapipe.tasks.python import BaseOptions, vision

    return vision.FaceLandmarker.create_from_options(
        vision.FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=model),
            running_mode=vision.RunningMode.VIDEO,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
    )


def _sound(clip: str) -> np.ndarray:
    """The whole sound, mono float32 at 16 kHz, as whisper's own `load_audio` gives it."""
    import av

    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE_HZ)
    with av.open(clip) as file:
        frames = [out for frame in (*file.decode(audio=0), None) for out in resampler.resample(frame)]
    return np.concatenate([frame.to_ndarray().reshape(-1) for frame in frames])
