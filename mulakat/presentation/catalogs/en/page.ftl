# The review app's own texts.

language = Language

interviews-title = Interviews
interviews-candidate = Candidate
interviews-state = State
interviews-score = Progress or score
interviews-received = Received
interviews-open = Open this interview
interviews-older = Older
interviews-newer = Newer
interviews-empty = No interviews yet. Run the sample interview, or submit your own:

interview-title = Interview
interview-all = All interviews
interview-none-chosen = No interview chosen.
interview-unknown = There is no interview { $id }. It may have been deleted, or the address is mistyped.
interview-unknown-run = No interview belongs to the Airflow run { $run_id } yet. If the run has just started, this page will go on by itself; if the interview has been run again since, find it in the list.
interview-about = Campaign { $campaign } · { $rubric } · { $policy } · received { $received }
interview-report = Report
interview-report-reviewer = For reviewers, { $format }
interview-report-candidate = For the candidate, { $format }
interview-run = Airflow run

progress-stages = { $done } of { $total } steps

answer-choose = Answer
answer-written = A written answer: there is nothing to play. A chosen quote is marked in the text.

score-help = 0 to 100. The band shows how far the score could be off.
score-no-competencies = No competency was rated.
score-scope = Scores of
score-scope-interview = Whole interview
score-scope-answer = This answer

reason-not-run = has not run

player-lanes = Position in the recording
player-yes = yes
player-no = no
player-cited = chosen evidence
player-unsure = The recogniser was unsure: { $percent }
player-not-here = This recording cannot be shown here: it is not in the media store.
player-cannot-play = This browser cannot play the recording ({ $codec }). Measurements and transcript can still be read; clicking on them moves the cursor.
player-cannot-load = The recording could not be loaded. Reload the page; if that does not help, it is no longer in the store.
player-no-picture = This browser cannot show the picture ({ $codec }); the sound plays.
player-no-transcript = No transcript: { $reason }

measure-heading = All measurements of this answer
measure-column = Measure
measure-value = Value
measure-reason = Why not measured

origin-heading = Where these numbers come from
origin-title = Origin
origin-stored = Stored { $at }, attempt { $attempt }, fingerprint:

error-no-database = No database is set. Start the stack with `mulakat up`, or set MULAKAT_MONGO_URI.
error-not-readable = What is stored here was written by another version and cannot be read. Analyse the interview again, or use the version that wrote it.
error-database = The database at { $address } does not answer. Start it with `mulakat up`, or check `mulakat status`; this page goes on when it is back.

interviews-campaign = Campaign

evidence-count = Evidence ({ $count })
evidence-in-text = in the text

player-not-readable = There is no recording to show: { $reason }

compare-title = Compare
compare-none = No interview of this campaign has been scored yet.
compare-about = Held against { $measure }. Whose intervals overlap are a tie.
compare-help = A place is a range: the first number counts who is surely above, the last who is surely below. The scores sort; people decide.
compare-tie = Tie with { $names }
compare-no-tie = No tie
compare-not-scored = Not scorable: no place, not the last one
compare-other-measure = Held against another rubric or policy: not comparable
