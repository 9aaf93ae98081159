# What page, report and command line have in common; each stands here once.

component-language = What was said
component-voice = Voice
component-visual = Picture
component-emotion = Emotion words

stage-fetch-media = Recording
stage-extract-audio = Sound
stage-transcribe = Transcript
stage-analyse-face = Face
stage-score-answer = Score of the answer
stage-analyse-voice = { component-voice }
stage-analyse-language = { component-language }
stage-analyse-emotion = { component-emotion }

interview-state-queued = queued
interview-state-running = running
interview-state-scored = scored
interview-state-stopped = stopped
interview-state-failed = failed

state-waiting = waiting
state-running = running
state-ok = done
state-reused = reused
state-skipped = not measured
state-failed = failed

overall = Overall score
interval = 90 % interval { $interval }
score-interval = { $value } ({ $interval })

not-scorable-why = Not scorable: { $reason }
not-scorable = Not scorable

provisional = Provisional
provisional-help = The local scorer rated the words, without a language model. Treat the levels as a first sorting of the evidence, not as a judgement.

weight = weight { $weight }
weight-planned = { $planned } of the score
weight-moved = { $share } of the score ({ $planned } planned)
weight-left-out = { $planned } planned, but no score
weight-none = shown, not scored

competencies = Competencies
components = What the score is made of

sensitivity = Sensitivity
sensitivity-chip = Sensitivity: { $badge }, { $low }–{ $high }
sensitivity-help = The answers were scored again with harmless changes that mean the same. The overall score stayed between { $low } and { $high }.
sensitivity-alone = The words were not changed by any of the harmless changes, so nothing was scored again.
sensitivity-steady = steady
sensitivity-moves = moves
sensitivity-unsteady = unsteady

variant-names = other names
variant-fillers = fillers left out
variant-recogniser = words altered the way a recogniser errs
variant-numbers = numbers written differently
variant-points = { $points } points ({ $words } words changed)
variant-no-points = not scorable ({ $words } words changed)

source-rater = agreement between raters
source-wording = harmless changes of the words
source-recogniser = words not recognised for sure
source-amount = how much was said
source-capture = quality of picture and sound
source-reference = the reference bands themselves
source-measurement = missing or inexact measures
source-answers = spread between the answers

sources-help = Points to each side, were it the only source.

rater-local = local scorer, without a language model
rater-model = language model { $model }

measure-speech-rate-wpm = Speech rate, pauses included
measure-articulation-rate-sps = Articulation rate
measure-pause-ratio = Share of pauses
measure-fillers-per-min = Fillers
measure-pitch-range-semitones = Pitch range
measure-duration = Length
measure-container = Format
measure-picture = Picture
measure-sound = Sound
measure-characters = Characters
measure-peak = Peak level
measure-language = Language
measure-words = Words
measure-speech = Time spoken
measure-pauses-inside-ratio = Pauses inside a clause
measure-f0-hz = Pitch
measure-pitch-variation-semitones = Pitch variation (standard deviation)
measure-loudness-range-db = Loudness range
measure-syllable-npvi = Rhythm: unevenness of syllables (nPVI)
measure-voiced-ratio = Voiced share of speech
measure-jitter-ratio = Jitter (local)
measure-shimmer-ratio = Shimmer (local)
measure-loudness-dbfs = Level as recorded (the microphone's)
measure-head-pose-deg = Head turn, lift, tilt (median)
measure-smile = Smile (mean)
measure-snr-db = Voice over noise
measure-on-camera-ratio = Gaze near the camera
measure-visible-ratio = Face visible
measure-max-faces = Most faces at once
measure-long-pauses-per-min = Pauses of 1 s and more

unit-s = { $value } s
unit-hz = { $value } Hz
unit-fps = { $value } pictures/s
unit-db = { $value } dB
unit-dbfs = { $value } dBFS
unit-degrees = { $value }°
unit-wpm = { $value } words/min
unit-sps = { $value } syllables/s
unit-per-min = { $value } per minute
unit-semitones = { $value } semitones
unit-npvi = { $value } of 200
unit-px = { $value } px
unit-brightness = { $value } of 255
unit-spread = { $median } ({ $range })

range = { $low } to { $high }

lane-words = Words
lane-pauses = Pauses
lane-f0-hz = { measure-f0-hz }
lane-loudness-db = Loudness (0 = usual)
lane-visible = { measure-visible-ratio }
lane-on-camera = { measure-on-camera-ratio }
lane-gaze-yaw-deg = Gaze left–right
lane-yaw-deg = Head left–right
lane-pitch-deg = Head down–up
lane-smile = Smile
lane-brow-raise = Raised brows
lane-visible-yes = visible
lane-visible-no = not visible
lane-on-camera-yes = near the camera
lane-on-camera-no = looks away

flag-several-people = More than one person in the picture
flag-another-person = The person in the picture may have changed
flag-still-picture = The picture does not move
flag-no-picture = There is no picture
flag-muted = The microphone was muted
flag-unwritten = There is a voice that is not in the transcript
flag-no-sound = There is no sound
flag-lips-do-not-move = There is speech while the mouth in the picture hardly moves
flag-speaker-change = Another voice speaks
flag-overlapping-speech = Two voices at once
flag-more = { $flag }: { $count } more times, in the review app

quality-resolution = Picture size, shorter side
quality-frame-rate = Pictures per second
quality-brightness = Brightness
quality-sharpness = Sharpness of the face
quality-level = Level of the voice
quality-clipping = Overdriven sound
quality-dropouts = Missing sound
quality-lost-pictures = Missing pictures
quality-cut-off = Missing at the start or the end
quality-snr = { measure-snr-db }
quality-status-good = good
quality-status-poor = poor
quality-status-unusable = unusable

check-poor-more = { $measure }: { $value }. Poor, over { $limit }: { $advice }.
check-poor-less = { $measure }: { $value }. Poor, under { $limit }: { $advice }.
check-unusable-more = { $measure }: { $value }. Unusable, over { $limit }: { $advice }. Not scored because of it: { $parts }.
check-unusable-less = { $measure }: { $value }. Unusable, under { $limit }: { $advice }. Not scored because of it: { $parts }.

advice-resolution = use a better camera or more light
advice-frame-rate = close other programs or use a better line
advice-brightness = put a light in front of the face
advice-sharpness = clean the lens, sit nearer
advice-level = turn the microphone up or come nearer
advice-snr = use a quiet room or a headset
advice-clipping = turn the microphone down
advice-dropouts = use a better line
advice-lost-pictures = send the recording again
advice-cut-off = send the whole recording again

attention = Worth a look
attention-help = Found automatically; hints for a person, not verdicts.


usage = Use of the language model
usage-requests = Requests answered
usage-prompt-tokens = Tokens read
usage-completion-tokens = Tokens written
usage-cost = Cost
usage-not-told = not told
usage-no-price = no price is set

answer-number = Answer { $number }
transcript = Transcript

not-analysed = Could not be analysed
not-measured = not measured

no-question = No question was recorded with this answer.
people-decide = Scores support a decision; people make it.
recording = Recording and its quality

origin-libraries = Libraries
origin-models = Models (sha256)
origin-options = Options

rubric = Rubric { $id }, version { $version }
policy = Policy { $id }, version { $version }
