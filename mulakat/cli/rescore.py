"""`mulakat rescore`: stored interviews held against another rubric or policy, without running anything but scoring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from mulakat.cli.connection import open_store, running_settings
from mulakat.cli.console import english, err, out, plain_errors, print_json
from mulakat.rubrics.packs import load
from mulakat.schema.errors import BadInput, MulakatError
from mulakat.schema.rubric import Policy, Rubric

if TYPE_CHECKING:
    from mulakat.interviews.rubrics import VersionRepository
    from mulakat.interviews.store import Store
    from mulakat.presentation.presenter import Presenter
    from mulakat.schema.scores import Score, Versioned

D = TypeVar("D", Rubric, Policy)


def rescore(
    interviews: Annotated[list[str] | None, typer.Argument(metavar="[INTERVIEW]…", help="Interview ids.")] = None,
    campaign: Annotated[str | None, typer.Option(help="All interviews of this campaign.")] = None,
    rubric: Annotated[str | None, typer.Option(help="Hold them against this: a pack, id:version or a file.")] = None,
    policy: Annotated[str | None, typer.Option(help="Score them by this: a pack, id:version or a file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document per line and interview.")] = False,
) -> None:
    """Score stored interviews anew and renew their reports. Exit code 1 when one of them could not be."""
    from mulakat.workflow.rescoring import rescore as score
    from mulakat.workflow.steps import build_report

    failed = False
    with plain_errors(), open_store(running_settings()) as store:
        ids = list(interviews or [])
        if campaign is not None:
            ids += [found.id for found in store.campaigns.interviews(campaign)]
        if not ids:
            raise BadInput("name interviews, or a campaign with --campaign")
        criteria = {
            "rubric": _kept(store.rubrics, Rubric, rubric),
            "policy": _kept(store.policies, Policy, policy),
        }
        for interview_id in dict.fromkeys(ids):
            try:
                before = _overall(store, interview_id)
                attempt = score(store, interview_id, **criteria)
                build_report(store, interview_id, attempt.model_copy(update={"task": "build_report"}))
                after = _overall(store, interview_id)
            except MulakatError as error:
                failed = True
                err.print(f"{interview_id}: {error}", style="red", markup=False, soft_wrap=True)
                continue
            if as_json:
                print_json({"interview_id": interview_id, "before": _plain(before), "after": _plain(after)})
            else:
                t = english()
                out.print(f"{interview_id}: {_said(t, before)} → {_said(t, after)}", markup=False, soft_wrap=True)
    if failed:
        raise typer.Exit(1)


def _kept(versions: VersionRepository[D], kind: type[D], name: str | None) -> Versioned | None:
    """The version that is meant, stored; None where none is."""
    if name is None:
        return None
    return versions.keep(versions.named(name) if ":" in name else load(kind, name))


def _overall(store: Store, interview_id: str) -> Score | None:
    identity = store.interviews.get(interview_id).scorecard_id
    return store.scorecards.overall([identity]).get(identity) if identity is not None else None


def _said(t: Presenter, score: Score | None) -> str:
    from mulakat.presentation import scores

    return scores.written(t, score, t.reason(score.reason) if score.reason else "") if score is not None else "–"


def _plain(score: Score | None) -> dict[str, object] | None:
    return score.model_dump(mode="json") if score is not None else None
