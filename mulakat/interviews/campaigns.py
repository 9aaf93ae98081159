"""A campaign as a whole: its interviews' scores side by side."""

from __future__ import annotations

from mulakat.interviews.documents import CampaignInterview, CandidateScore, InterviewScores, ScorecardSummary
from mulakat.interviews.interviews import InterviewRepository
from mulakat.interviews.scorecards import ScorecardRepository
from mulakat.interviews.stage_results import StageResultRepository, result_id
from mulakat.schema.errors import BadInput


class Campaigns:
    """What interviews, scorecards and transcripts say together."""

    def __init__(
        self, interviews: InterviewRepository, scorecards: ScorecardRepository, results: StageResultRepository
    ) -> None:
        self._interviews = interviews
        self._scorecards = scorecards
        self._results = results

    def interviews(self, campaign: str) -> list[CampaignInterview]:
        """The campaign's interviews, newest first. Raises BadInput when it has none."""
        found = self._interviews.of_campaign(campaign)
        if not found:
            known = ", ".join(sorted(self._interviews.campaigns())) or "none"
            raise BadInput(f"campaign {campaign!r} has no interview; campaigns with interviews: {known}")
        return found

    def candidates(self, campaign: str) -> list[CandidateScore]:
        """The campaign's candidates with a scorecard, in the order they were received. Raises BadInput."""
        return [
            CandidateScore(
                interview_id=interview.id,
                candidate=interview.candidate,
                **card.model_dump(include={"rubric", "policy", "overall", "provisional"}),
            )
            for interview, card in reversed(self._scored(self.interviews(campaign)))
        ]

    def scores(self, campaign: str) -> list[InterviewScores]:
        """The latest scores of a campaign that were given under a rubric, by interview. Raises BadInput."""
        scored = sorted(self._scored(self.interviews(campaign)), key=lambda pair: pair[0].id)
        words = self._words([interview for interview, _ in scored])
        return [
            InterviewScores(
                interview_id=interview.id,
                candidate=interview.candidate.reference,
                rubric=card.rubric,
                policy=card.policy,
                overall=card.overall.value,
                competencies=card.competencies,
                components=card.components,
                provisional=card.provisional,
                words=words[interview.id],
            )
            for interview, card in scored
            if card.rubric is not None
        ]

    def _scored(self, interviews: list[CampaignInterview]) -> list[tuple[CampaignInterview, ScorecardSummary]]:
        cards = self._scorecards.summaries([i.scorecard_id for i in interviews if i.scorecard_id])
        return [(i, cards[i.scorecard_id]) for i in interviews if i.scorecard_id in cards]

    def _words(self, interviews: list[CampaignInterview]) -> dict[str, int | None]:
        """Interview → words in all its answers; None where a transcript is missing."""
        wanted = {interview.id: _transcripts(interview) for interview in interviews}
        texts = self._results.texts([key for keys in wanted.values() for key in keys])
        words = {key: len(text.split()) for key, text in texts.items()}
        return {
            identity: sum(words[key] for key in keys) if all(key in words for key in keys) else None
            for identity, keys in wanted.items()
        }


def _transcripts(interview: CampaignInterview) -> list[str]:
    """The id of each answer's transcript; that of none there is where it was not transcribed."""
    return [
        result_id(interview.id, answer_id, "transcribe", interview.transcripts.get(answer_id) or "")
        for answer_id in interview.answer_ids
    ]
