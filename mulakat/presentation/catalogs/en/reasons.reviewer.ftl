# What each reason says to those who decide and to whoever runs the machine; a part of a sentence.

## A recording or text that is refused. The message is English, from the program.
reason-reviewer-input_refused = the input was refused: { $message }
reason-reviewer-recording_missing = the recording is not there: { $message }
reason-reviewer-recording_not_fetched = the recording could not be fetched: { $message }
reason-reviewer-recording_changed = the recording is not the one that was analysed before: { $message }
reason-reviewer-recording_empty = the file is empty: { $message }
reason-reviewer-recording_unreadable = the recording cannot be read: { $message }
reason-reviewer-several_recordings = the file holds two recordings: { $message }
reason-reviewer-recording_too_large = the recording is too large: { $message }
reason-reviewer-recording_too_long = the recording is too long: { $message }
reason-reviewer-not_a_recording = the file is no recording: { $message }
reason-reviewer-nothing_to_see_or_hear = the recording has neither picture nor sound: { $message }
reason-reviewer-not_plain_text = the written answer is no plain text: { $message }
reason-reviewer-text_too_long = the written answer is too long: { $message }
reason-reviewer-text_empty = the written answer holds no words: { $message }
reason-reviewer-language_not_known = the speech recogniser does not know the language: { $message }

## Trouble that is not the recording's.
reason-reviewer-machine_lacks = something is missing on the machine that analyses: { $message }
reason-reviewer-trouble = a network or a server was not to be had: { $message }
reason-reviewer-unexpected = the analysis ended unexpectedly: { $message }
reason-reviewer-interrupted = the analysis was interrupted
reason-reviewer-see_run = the run failed; its log in Airflow says why
reason-reviewer-stopped = a person ended the run in Airflow before it was complete
reason-reviewer-superseded = a newer run of this interview has taken over

## Nothing to measure.
reason-reviewer-written_answer = the answer was given in writing
reason-reviewer-no_picture = the recording has no picture
reason-reviewer-no_sound = the recording has no sound
reason-reviewer-picture_unreadable = the picture of the recording cannot be read
reason-reviewer-sound_unreadable = the sound of the recording cannot be read
reason-reviewer-too_many_channels = sound with { $channels } channels cannot be mixed down to one
reason-reviewer-no_words = no speech was found
reason-reviewer-no_voice = there are words, but no voice stands out from the other sound
reason-reviewer-text_language_unknown = the text is too short, or not enough of one language, to tell its language
reason-reviewer-face_nowhere = the candidate’s face is nowhere visible
reason-reviewer-stage_not_run = { $stage } has not run
reason-reviewer-not_in_policy = policy { $policy } does not analyse { $part }
reason-reviewer-not_analyzed = it was not analysed
reason-reviewer-not_measured = it was not measured

## Measures of the face.
reason-reviewer-one_picture = a single picture has no frame rate
reason-reviewer-face_never_visible = the face is never visible ({ $problems })
reason-reviewer-face_problem = { $problem } in { $frames } of { $of } { $of ->
    [one] frame
   *[other] frames
}
reason-reviewer-face_unseen = { $problems }
reason-reviewer-face_unseen_share = { $problem } { $share }
reason-reviewer-gaze_too_short = the gaze is seen for less than { $needed_s } s, too short to know its usual direction
reason-reviewer-emotion_caution = A label says which word an observer might give to this face in a single picture. What a face shows is not what a person feels; expressions differ between people, cultures and situations. The accuracy was measured on few pictures of plain expressions; on everyday faces it is lower. Never a ground for a decision.

## Measures of the voice.
reason-reviewer-unspaced_language = { $language } is written without spaces between words
reason-reviewer-no_syllables = no syllables could be counted
reason-reviewer-no_pauses = there are no pauses
reason-reviewer-no_punctuation = the transcript has no punctuation to tell clauses by
reason-reviewer-no_filler_list = there is no list of fillers for this language ({ $language })
reason-reviewer-too_few_syllables = only { $pairs } of the { $needed } pairs of syllables that rhythm needs
reason-reviewer-too_few_cycles = only { $cycles } of the { $needed } cycles of the voice that are needed
reason-reviewer-cycles_unlike = no two neighbouring cycles of the voice are alike
reason-reviewer-too_few_words_for_rate = only { $words } of the { $needed } words that a rate needs
reason-reviewer-too_short_to_count = only { $span_s } s from first to last speech; counting per minute needs { $needed_s } s
reason-reviewer-too_little_voiced = only { $voiced_s } s of voiced sound; { $needed_s } s are needed
reason-reviewer-too_noisy = the voice is only { $snr_db } dB over the noise; { $needed_db } dB are needed
reason-reviewer-noise_unknown = the noise is not known: { $why }
reason-reviewer-silent = the sound is digital silence
reason-reviewer-digital_silence = there is digital silence between the words, so no noise to compare with
reason-reviewer-too_little_noise = less than { $needed_s } s of sound without speech to measure the noise in
reason-reviewer-speech_not_louder = the speech is not louder than the noise
reason-reviewer-clipped = { $share } of the sound is clipped; at most { $most } may be

## Flags.
reason-reviewer-several_faces = more than one face in view
reason-reviewer-other_face = the face differs from the one at the start of the answer
reason-reviewer-still_picture = the picture does not change
reason-reviewer-picture_missing = there is no picture: the camera is off, or pictures were lost
reason-reviewer-other_voice = another voice, speaker { $speaker } (likeness to the first { $likeness } of 1)
reason-reviewer-two_voices = two voices at once
reason-reviewer-muted = no sound at all for { $seconds } s: the microphone was muted, or nothing was recorded in a long pause
reason-reviewer-unwritten = a voice is heard for { $seconds } s of which no words are written: unclear, in another language, or not believed
reason-reviewer-sound_missing = there is no sound for { $seconds } s: the microphone was switched off, or the sound was lost
reason-reviewer-still_lips = speech for { $seconds } s while the mouth in the picture stays still

## What is not rated, and how.
reason-reviewer-too_few_words = { $words ->
    [0] no words to rate
    [one] only { $words } word to rate
   *[other] only { $words } words to rate
}; policy { $policy } needs { $needed }
reason-reviewer-other_language = the answer is in { $found }; rubric { $rubric } is for { $wanted }
reason-reviewer-whose_answer = { $voices } voices, none with more than { $share } of the speech: whose answer it is cannot be told
reason-reviewer-other_voice_left_out = left out, another voice says it: “{ $quote }”
reason-reviewer-injection_left_out = left out, it speaks to the rater: “{ $quote }”
reason-reviewer-off_topic = no sentence comes near the question; does the answer belong to it?
reason-reviewer-question_not_named = the answer names no question; it was held against every competency
reason-reviewer-question_unknown = the question is not in rubric { $rubric }; the answer was held against every competency
reason-reviewer-question_not_rated = rubric { $rubric } rates nothing in answers to this question
reason-reviewer-fallback_rated = rated by the local scorer, because the language model could not be used ({ $message }); the next analysis asks it again
reason-reviewer-variant_not_rated = not rated with { $variant } changed: { $message }

## What a rater says.
reason-reviewer-rater_says = { $text }
reason-reviewer-rater_abstains = the language model rates nothing: “{ $text }”
reason-reviewer-rater_found_nothing = the language model found nothing to rate
reason-reviewer-rater_gave_no_reason = the language model gave no reason
reason-reviewer-rater_gave_no_rating = the language model was asked twice and gave no rating that holds: { $why }
reason-reviewer-reply_unusable = its reply could not be used: { $message }
reason-reviewer-rating_invalid = its rating of { $competency } is not valid: { $message }
reason-reviewer-rating_missing = it gave no rating of { $competency }
reason-reviewer-rated_twice = it rated { $competency } twice, not alike
reason-reviewer-level_without_quote = it gave { $competency } a level without a quote
reason-reviewer-quotes_not_found = for { $competency } it quoted what is not in the transcript: { $quotes }
reason-reviewer-tells = tells { $parts }
reason-reviewer-touches = touches it, without a clear example
reason-reviewer-claims = claims or opinions without an example
reason-reviewer-nothing_said = nothing in the answer speaks to it

## Evidence: measures against their reference bands.
reason-reviewer-pace = pace: { $sps } syllables per second; full score from { $low } to { $high } ({ $source })
reason-reviewer-pauses = pauses: { $share } of the time; full score up to { $high } ({ $source })
reason-reviewer-fillers = fillers such as “um”: { $per_min } per minute; full score up to { $high } ({ $source })
reason-reviewer-pitch_range = pitch range: { $semitones } semitones; full score from { $low } to { $high } ({ $source })
reason-reviewer-face_visible = face in the picture: { $share } of the time; full score from { $low } ({ $source })
reason-reviewer-on_camera = looks near the camera: { $share } of the time; full score from { $low } ({ $source })
reason-reviewer-pause = pause for { $seconds } s
reason-reviewer-looks_away = looks away for { $seconds } s

## Why there is no score.
reason-reviewer-no_rating = there is no rating
reason-reviewer-no_evidence = it was rated without evidence, so the rating does not count
reason-reviewer-nothing_rated = nothing is rated here
reason-reviewer-under_change = not scorable under this change
reason-reviewer-too_little_speech = only { $speech_s } s of speech; policy { $policy } needs { $needed_s } s
reason-reviewer-face_seldom_visible = the face can be seen { $share } of the time; policy { $policy } needs { $needed }
reason-reviewer-gaze_not_measured = the gaze was not measured
reason-reviewer-no_band = there is no reference for this language ({ $language })
reason-reviewer-language_not_recognized = the language was not recognised
reason-reviewer-of_measure = { $measure }: { $why }
reason-reviewer-start_missing = the first { $seconds } s of the recording are missing: its first pieces did not arrive
reason-reviewer-end_missing = about { $seconds } s are missing at the end of the recording: it was cut off
reason-reviewer-other_track = the sound was taken from track { $track } of { $tracks }: the first is silent
reason-reviewer-voice_without = the voice was scored without { $why }
reason-reviewer-too_few_measures = fewer than two measures of the voice ({ $why })
reason-reviewer-unfit_resolution = the picture is too small: { $value } pixels on the shorter side, less than { $limit }; use a better camera
reason-reviewer-unfit_frame_rate = too few pictures: { $value } per second, less than { $limit }; close other programs or use a better line
reason-reviewer-unfit_brightness = the picture is too dark: brightness { $value } of 255, less than { $limit }; put a light in front of the face
reason-reviewer-unfit_sharpness = the picture is too blurred: sharpness { $value }, less than { $limit }; clean the lens or sit nearer
reason-reviewer-unfit_level = the voice is too quiet: { $value } dBFS, less than { $limit }; turn the microphone up or come nearer
reason-reviewer-unfit_snr = too much noise: the voice is { $value } dB over it, less than { $limit }; use a quiet room or a headset
reason-reviewer-unfit_clipping = the sound is overdriven: { $value } of it, more than { $limit }; turn the microphone down
reason-reviewer-unfit_dropouts = sound is missing: { $value } of it, more than { $limit }; use a better line
reason-reviewer-unfit_lost_pictures = pictures are missing: { $value } of the time, more than { $limit }; send the recording again
reason-reviewer-unfit_cut_off = the recording is cut off: { $value } of it is missing at the start or the end, more than { $limit }; send the whole recording again

## How parts make a whole.
reason-reviewer-several = { $why }
reason-reviewer-of_components = { $parts }: { $why }
reason-reviewer-of_competencies = { $parts }: { $why }
reason-reviewer-of_answer = { $answer }: { $why }
reason-reviewer-of_component_in_answer = { $part } does not include { $answer }: { $why }
reason-reviewer-component_share = { $part } { $share }
reason-reviewer-competency_share = { $part } { $share }
reason-reviewer-left_out = left out: { $why }; weights became { $shares }
reason-reviewer-language_left_out = left out of what was said: { $why }; weights became { $shares }
reason-reviewer-needs_weight = too little could be scored: policy { $policy } needs { $share } of the weight; { $why }
reason-reviewer-needs_components = policy { $policy } needs every part scored; { $why }
reason-reviewer-needs_competencies = policy { $policy } needs every competency scored; { $why }
reason-reviewer-shown_not_scored = { $part }: shown, not scored (policy { $policy })
reason-reviewer-answer_not_scored = { $answer }: shown, not scored; its question is not rated
reason-reviewer-scored_without = scored without { $answers }
reason-reviewer-no_answer_scored = no answer could be scored
reason-reviewer-no_answer_scored_because = no answer could be scored: { $why }
reason-reviewer-no_rated_answer = there is no answer to a question that is rated
reason-reviewer-not_asked = no question of this interview asks for it
reason-reviewer-perhaps_asked = no question asks for it, but perhaps that of { $answers }, which is missing
