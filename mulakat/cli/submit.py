"""`mulakat submit`: register an interview and start its run through Airflow's REST API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from mulakat.cli.connection import open_store, running_settings
from mulakat.cli.console import out, plain_errors, print_json
from mulakat.interviews.documents import Answer, InterviewSpec
from mulakat.interviews.media_store import MediaStore
from mulakat.interviews.settings import Settings
from mulakat.rubrics.packs import load, packs
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Policy, Rubric
from mulakat.workflow.airflow_client import AirflowClient, TriggeredRun


def submit(
    spec: Annotated[Path | None, typer.Argument(metavar="[SPEC.json]", help="The interview as a JSON file.")] = None,
    interview_id: Annotated[str | None, typer.Option("--id", help="Interview id, with --answer and --text.")] = None,
    candidate: Annotated[str | None, typer.Option(help="Reference to the candidate, with --id.")] = None,
    answer: Annotated[
        list[str] | None, typer.Option(help='"question=file or URL" of a recording, once per answer.')
    ] = None,
    text: Annotated[
        list[str] | None, typer.Option(help='"question=file or URL" of a written answer; these follow the recordings.')
    ] = None,
    rubric: Annotated[str | None, typer.Option(help="Use this rubric: a pack, id:version or a YAML file.")] = None,
    policy: Annotated[str | None, typer.Option(help="Use this policy: a pack, id:version or a YAML file.")] = None,
    campaign: Annotated[str | None, typer.Option(help="Campaign it belongs to, e.g. an opening.")] = None,
    consent: Annotated[bool, typer.Option("--consent", help="The candidate has agreed to the analysis.")] = False,
    priority: Annotated[str, typer.Option(help="low, normal or high.")] = "normal",
    force: Annotated[bool, typer.Option("--force", help="Run every stage again, also those with a result.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Start another run although this one was there.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Follow the run until it ends.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the run as JSON.")] = False,
) -> None:
    """Submit an interview. The same one twice is one run."""
    with plain_errors():
        settings = running_settings()
        if spec is not None:
            document, folder = _read(spec), spec.parent
        else:
            document, folder = _from_options(interview_id, candidate, answer or [], text or [], consent=consent), Path()
        if campaign is not None:
            document["campaign"] = campaign
        for key, kind, value in (("rubric", Rubric, rubric), ("policy", Policy, policy)):
            if value is not None:
                known = ":" in value or value in packs(kind)
                document[key] = value if known else load(kind, value).model_dump(mode="json")
        submission = submit_document(settings, document, folder, priority=priority, force=force, again=again)
        interview = document["interview_id"]
        if as_json:
            print_json({"interview_id": interview, "run_id": submission.run_id, "new": submission.new})
        else:
            how = "submitted" if submission.new else "was already submitted"
            out.print(f"{interview} {how}: run {submission.run_id}", markup=False)
            out.print(f"  {settings.airflow_url}/dags/interview_analysis/runs/{submission.run_id}", markup=False)
            out.print(f"  {settings.review_url}/interview?id={interview}", markup=False)
        if watch:
            from mulakat.cli.watch import follow_to_end

            if not follow_to_end(settings, interview, submission.run_id):
                raise typer.Exit(1)


def submit_document(
    settings: Settings,
    document: dict[str, Any],
    folder: Path,
    *,
    priority: str = "normal",
    force: bool = False,
    again: bool = False,
) -> TriggeredRun:
    """Bring an interview's recordings and texts into the media store and start its run.

    Args:
        folder: what relative paths in the document are relative to.

    Raises:
        BadInput: invalid interview, missing file, or Airflow refuses it.
        SetupError: Airflow does not answer.
    """
    if priority not in ("low", "normal", "high"):
        raise BadInput(f"priority {priority!r} is not low, normal or high")
    spec = InterviewSpec.parse(document)
    with AirflowClient(settings) as airflow, open_store(settings) as store:
        answers = [_stored(store.media, answer, folder) for answer in spec.answers]
        submission = store.submissions.put(spec.model_copy(update={"answers": answers}))
        return airflow.submit(spec.interview_id, submission, priority=priority, force=force, again=again)


def _stored(media: MediaStore, answer: Answer, folder: Path) -> Answer:
    """A URL stays; a file on this machine and a text go into the media store."""
    answer = answer.naming_its_text(media.put_bytes)
    if urlsplit(answer.uri).scheme in ("http", "https", "media"):
        return answer
    path = folder / answer.uri.removeprefix("file://")
    if not path.is_file():
        raise BadInput(f"no {'text' if answer.written else 'recording'} {answer.uri!r} in {str(folder.absolute())!r}")
    return answer.model_copy(update={"text_uri" if answer.written else "media_uri": media.put(path)})


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"cannot read {str(path)!r}: {error.strerror}") from None
    except ValueError as error:
        raise BadInput(f"{str(path)!r} is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise BadInput(f"{str(path)!r} holds a {type(document).__name__}, not an interview object")
    return document


def _from_options(
    interview_id: str | None, candidate: str | None, recordings: list[str], texts: list[str], *, consent: bool
) -> dict[str, Any]:
    if interview_id is None or not (recordings or texts):
        raise BadInput('give SPEC.json, or --id ID with --answer "question=file" or --text "question=file"')
    parsed = []
    given = [*(("--answer", "media_uri", r) for r in recordings), *(("--text", "text_uri", t) for t in texts)]
    for number, (option, field, value) in enumerate(given, start=1):
        question, separator, uri = value.rpartition("=")
        if not separator or not uri:
            raise BadInput(f'{option} {value!r} is not "question=file"')
        parsed.append({"answer_id": f"answer-{number}", "question": question or None, field: uri})
    return {
        "interview_id": interview_id,
        "candidate": {"reference": candidate or interview_id},
        "consent": {"given": True} if consent else None,
        "answers": parsed,
    }
