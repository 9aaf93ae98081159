# The report's own texts; `you-` is what the candidate reads.


title-reviewer = Interview report
title-candidate = Your interview, and how it was analysed

subtitle = Interview { $id }
subtitle-dated = Interview { $id }, received { $date }

page = Page { $page } of { $pages }
contents = Report on interview { $id }
result = Result


alt-score = { $label }: { $value } of 100, interval { $interval }
alt-no-score = { $label }: no score
alt-lane = { $label } over time, { $scale }
alt-lane-blocks = { $label } over time

about-language = the words, held against the rubric
about-voice = pace, pauses, fillers and pitch variety
about-visual = face in the picture, gaze near the camera

chip-rater = Rated by: { $rater }
evidence-of = Evidence: { $part }
left-out = What was not scored, and why
nothing-left-out = Everything that the policy asks for could be scored.
answers = Answers
transcript-in = Transcript ({ $language })
no-transcript = There is no transcript.
marked = Marked passages are evidence.

lanes = Over time
lanes-help = Yellow stripes are the passages quoted as evidence.

measured = Measured
notes = Notes
rated-by = Rated by
sources = Where the interval comes from

policy-heading = What the policy says
policy-analysed = Analysed
policy-not-analysed = Not analysed
policy-weights = Weights
policy-min-words = Fewest words for the language to be rated
policy-min-speech-s = Least speech for the voice to be scored, s
policy-min-visible-ratio = Least time with the face visible
policy-min-scored-weight = Least weight that must be scored

how-to-read = How to read this
how-to-read-scale = Scores run from 0 to 100; level 1 of the rubric is 0, level 5 is 100. The mark is the score, the band around it the interval in which it would fall nine times out of ten.
how-to-read-sources = The sources of the interval are combined as the Guide to the Expression of Uncertainty in Measurement (JCGM 100:2008) says.
how-to-read-tie = Two people whose intervals overlap are a tie.

provenance = What produced this
provenance-stage = Analyzer

you-intro = A computer helped to analyse your interview. This page says what it looked at, what counted and how much, what came of it, and on which of your own words each result rests. It does not decide anything.
you-people = A person reads this together with your answers and decides. The computer never decides alone.
you-result = Your result
you-result-meaning = Scores run from 0 to 100. Yours is { $value }. Such a score is never exact: measured again, it would fall between { $interval } nine times out of ten. Two people whose ranges overlap count as equal.
you-no-result = There is no overall score: { $reason }. This is not a judgement about you.
you-sensitivity = As a check, your answers were scored again with changes that should not matter, such as other names or without sounds like “um”. The score stayed between { $low } and { $high }.
you-provisional = Your words were rated by a simple program, without a language model. The result is provisional, and its range is wide.
you-analysed = What was analysed, and what counted
you-analysed-part = Part
you-analysed-what = What was looked at
you-analysed-weight = How much it counts
you-what-language = what you said, compared with the descriptions of each competency
you-what-voice = how fast you spoke, pauses, sounds such as “um”, and how lively the pitch was
you-what-visual = whether your face was in the picture and whether you looked near the camera
you-what-emotion = words for facial expressions
you-weight-moved = { $share } of your score; { $planned } was planned, the rest comes from parts that could not be scored
you-not-analysed = not analysed
you-shown = shown to the people who decide, never scored
you-language = What you said
you-language-help = The levels are described in the rubric “{ $rubric }”. Below each competency stand the words of yours that the result rests on, with the time at which you said them.
you-delivery = How you said it
you-delivery-help = These are measurements, each compared with a wide range that is usual in speech. Only what lies far outside costs points.
you-why = Why:
you-not-scored-help = What could not be scored does not count against you.
you-all-scored = Everything that should count could be scored.
you-answers = Your answers
you-answer-not-read = This answer could not be read; it does not count against you.
you-quality = The technical quality of the recording made the result less certain:
you-rights = Your rights
you-rights-contest = You can contest this result, say how you see it, and ask that a person looks at it again.
you-rights-copy = You can ask for a copy of what is stored about you, and have mistakes in it corrected.
you-rights-erase = You can take back your consent at any time and ask that your recordings and everything derived from them are erased.
you-rights-contact = Write to: { $contact }.
you-rights-no-contact = Write to the organisation that invited you to the interview.
you-rights-name = Name this interview: { $id }.
you-versions = What produced this
you-versions-rubric = Rubric
you-versions-policy = Policy
you-versions-rater = Your words were rated by
you-versions-programs = Programs and their versions:
you-version = { $id }, version { $version }
