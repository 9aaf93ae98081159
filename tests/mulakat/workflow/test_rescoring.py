"""Stored interviews held against other criteria: the same score as a whole run gives, and nothing else runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers import language
from mulakat.interviews.documents import Interview
from mulakat.interviews.store import Store
from mulakat.rubrics.packs import pack
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import Scorecard
from mulakat.workflow import steps
from mulakat.workflow.rescoring import rescore
from tests.support.attempts import attempt as made_by
from tests.support.commands import listened_to
from tests.support.known import known
from tests.support.written_interview import clean_up, load, run_stages, whole_run

RUBRIC = pack(Rubric, "general-en")


def weighted(weight: float) -> Rubric:
    """Another weight for what the answer shows most of."""
    first, *others = RUBRIC.competencies
    changed = [first.model_copy(update={"weight": weight}), *others]
    return RUBRIC.model_copy(update={"version": f"weight-{weight:g}", "competencies": changed})


def card(store: Store, interview: Interview) -> Scorecard:
    return store.scorecards.get(known(interview.scorecard_id))


def test_another_weight_gives_the_score_that_a_run_gives(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = whole_run(store, "run")
    monkeypatch.setattr(language, "run", None)  # whoever calls it fails
    attempt = rescore(store, "one", rubric=store.rubrics.keep(weighted(9.0)))
    after = store.interviews.get("one")
    assert (after.state, after.rubric.version) == ("scored", "weight-9")
    assert card(store, after).overall != card(store, before).overall
    assert after.scored_from == {"a": after.progress["a"]["score_answer"].fingerprint} != before.scored_from
    assert {stage: state for stage, state in after.progress["a"].items() if stage != "score_answer"} == {
        stage: state for stage, state in before.progress["a"].items() if stage != "score_answer"
    }
    assert after.reported_id == before.scorecard_id, "its reports are of the earlier scorecard, and say so"
    steps.build_report(store, "one", attempt.model_copy(update={"task": "build_report"}))
    assert store.interviews.get("one").reported_id == after.scorecard_id

    monkeypatch.undo()
    load(store, "again", rubric=weighted(9.0))
    run_stages(store, "again")
    assert store.interviews.get("one").progress["a"]["score_answer"].state == "reused"
    assert steps.score_interview(store, "one", made_by("score_interview", "again")) == after.scorecard_id


def test_back_again_is_the_scorecard_of_before(store: Store) -> None:
    before = whole_run(store, "run")
    rescore(store, "one", rubric=store.rubrics.keep(weighted(9.0)))
    rescore(store, "one", rubric=before.rubric)
    assert store.interviews.get("one").scorecard_id == before.scorecard_id
    assert store.database.scorecards.count_documents({}) == 2


def reworded() -> Rubric:
    """Another anchor, which answers must be rated by anew."""
    first, *others = RUBRIC.competencies
    first = first.model_copy(update={"levels": {**first.levels, 3: "Says what was done, and by whom."}})
    return RUBRIC.model_copy(update={"version": "reworded", "competencies": [first, *others]})


def test_what_needs_more_than_scoring_is_refused_and_nothing_changes(store: Store) -> None:
    before = whole_run(store, "run")
    with pytest.raises(BadInput, match="analyse_language of answer 'a' would have to run under these criteria"):
        rescore(store, "one", rubric=store.rubrics.keep(reworded()))
    after = store.interviews.get("one")
    assert after.model_copy(update={"attempts": {}}) == before.model_copy(update={"attempts": {}})


def test_stored_results_of_other_criteria_take_the_place_of_those_there_are(store: Store) -> None:
    whole_run(store, "run")
    load(store, "reworded", rubric=reworded())
    run_stages(store, "reworded")
    steps.score_interview(store, "one", made_by("score_interview", "reworded"))
    clean_up(store, "reworded")
    before = store.interviews.get("one")
    rescore(store, "one", rubric=store.rubrics.keep(RUBRIC))
    after = store.interviews.get("one")
    rated, formerly = after.progress["a"]["analyse_language"], before.progress["a"]["analyse_language"]
    assert rated.state == "reused" and rated.fingerprint != formerly.fingerprint
    assert after.scored_from == {"a": after.progress["a"]["score_answer"].fingerprint} != before.scored_from
    assert clean_up(store, "reworded").scorecard_id == after.scorecard_id, "nothing is out of date"


def test_a_policy_that_leaves_a_part_out(store: Store) -> None:
    before = whole_run(store, "run")
    policy = pack(Policy, "multimodal")
    rescore(store, "one", policy=store.policies.keep(without_voice(policy)))
    after = store.interviews.get("one")
    voice = after.progress["a"]["analyse_voice"]
    assert (voice.state, voice.reason and voice.reason.code) == ("skipped", "not_in_policy")
    assert voice.fingerprint != before.progress["a"]["analyse_voice"].fingerprint
    assert clean_up(store, "run").scorecard_id == after.scorecard_id, "nothing is out of date"


def without_voice(policy: Policy) -> Policy:
    analyse = tuple(part for part in policy.analyse if part != "voice")
    weights = {**policy.weights, "voice": 0.0}
    return policy.model_copy(update={"version": "no-voice", "analyse": analyse, "weights": weights})


def test_a_policy_that_leaves_nothing_new_to_analyze(store: Store) -> None:
    """The answer is a text: there is no picture or sound to take away."""
    before = whole_run(store, "run")
    policy = pack(Policy, "multimodal").model_copy(update={"version": "strict", "min_words": 10_000})
    with pytest.raises(BadInput, match="analyse_language"):
        rescore(store, "one", policy=store.policies.keep(policy))
    assert store.interviews.get("one").scorecard_id == before.scorecard_id


def test_an_interview_that_is_at_work_is_left_alone(store: Store) -> None:
    load(store, "run")
    with pytest.raises(BadInput, match="interview 'one' is running"):
        rescore(store, "one")


def test_results_are_read_twice_and_criteria_once(mongo: str, tmp_path: Path) -> None:
    with listened_to(mongo, tmp_path / "media") as (store, recorder):
        whole_run(store, "run")
        rubric = store.rubrics.keep(weighted(9.0))
        with recorder.listening() as commands:
            rescore(store, "one", rubric=rubric)
        found = [command["find"] for command in commands if "find" in command]
        assert found.count("stage_results") == 2  # the score's head, and what it is made of
        assert (found.count("rubrics"), found.count("policies")) == (2, 1)  # the rubric of before, and the new one
        assert len(commands) <= 14
