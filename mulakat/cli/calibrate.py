"""`mulakat calibrate`: hold a campaign's scores against reviewers' ratings; learn better weights, if there are any."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mulakat.cli.connection import open_store, running_settings
from mulakat.cli.console import out, plain_errors, print_json
from mulakat.schema.errors import BadInput

if TYPE_CHECKING:
    from mulakat.calibration.campaign import CampaignCalibration


def calibrate(
    campaign: Annotated[str, typer.Option(help="Interviews of this campaign.")],
    write: Annotated[
        Path | None,
        typer.Option(metavar="FILE.yaml", help="Write the proposed rubric here, a policy beside it."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as JSON.")] = False,
) -> None:
    """Compare scores with reviewers' ratings, and propose better weights if they are shown to be better.

    Nothing is applied: a proposal is a file, used only where somebody names it. That there
    is none is a result too (exit code 0).
    """
    from mulakat.calibration.campaign import calibrate_campaign  # numpy and more, for which no other command waits
    from mulakat.cli.calibration_table import print_calibration

    with plain_errors():
        if write is not None:
            _check_target(write)
        with open_store(running_settings()) as store:
            found = calibrate_campaign(store, campaign)
        if as_json:
            print_json(found)
        else:
            print_calibration(found)
        if write is not None:
            _write(write, found, quiet=as_json)


def _policy_path(path: Path) -> Path:
    return path.with_name(f"{path.stem}.policy{path.suffix}")


def _check_target(path: Path) -> None:
    if path.suffix not in (".yaml", ".yml"):
        raise BadInput(f"--write {str(path)!r}: give a name that ends in .yaml")
    for target in (path, _policy_path(path)):
        if target.exists():
            raise BadInput(f"{str(target)!r} is there already; give another name, nothing is overwritten")


def _write(path: Path, found: CampaignCalibration, *, quiet: bool) -> None:
    from mulakat.calibration.proposal import as_yaml

    for target, document in ((path, found.proposed_rubric), (_policy_path(path), found.proposed_policy)):
        if document is None:
            continue
        try:
            with target.open("x", encoding="utf-8") as file:
                file.write(as_yaml(document, _provenance(found)))
        except OSError as error:
            raise BadInput(f"cannot write {str(target)!r}: {error.strerror}") from None
        if not quiet:
            out.print(f"wrote {target}", markup=False, soft_wrap=True)


def _provenance(found: CampaignCalibration) -> list[str]:
    from mulakat.cli.calibration_table import show

    c, rubric, policy = found.calibration, found.rubric, found.policy
    return [
        f"Proposed by `mulakat calibrate --campaign {found.campaign}` on {datetime.now(UTC):%Y-%m-%d}.",
        f"Learned from {c.agreement.ratings} reviews of {c.interviews} interviews of {c.candidates} candidates, scored",
        f"with rubric {rubric.id} v{rubric.version} and policy {policy.id} v{policy.version}. Correlation with the",
        f"reviewers' rating ({found.criterion}), 95 % interval: {show(c.scores['learned'])} on candidates left out,",
        f"{show(c.scores['current'])} before; better by {show(c.gains['current'])}.",
    ]
