# What each reason says to the candidate: plain words, no thresholds, nobody else's words, no addresses.
# A part of a sentence. Where a reviewer's words will do, they are taken.

## A recording or text that is refused.
reason-candidate-input_refused = this answer could not be accepted for analysis
reason-candidate-recording_missing = the recording was not found
reason-candidate-recording_not_fetched = the recording could not be fetched
reason-candidate-recording_changed = the recording was exchanged while it was being analysed
reason-candidate-recording_empty = the file is empty
reason-candidate-recording_unreadable = the recording cannot be read
reason-candidate-several_recordings = the file holds two recordings, one after the other
reason-candidate-recording_too_large = the recording is too large
reason-candidate-recording_too_long = the recording is too long
reason-candidate-not_a_recording = the file is no recording
reason-candidate-nothing_to_see_or_hear = the recording has neither picture nor sound
reason-candidate-not_plain_text = the written answer is no plain text
reason-candidate-text_too_long = the written answer is too long
reason-candidate-text_empty = the written answer holds no words
reason-candidate-language_not_known = the program does not know the language that was named

## Trouble that is not the recording's.
reason-candidate-machine_lacks = the fault lies with the program, not with your answer
reason-candidate-trouble = the fault lies with the program, not with your answer
reason-candidate-unexpected = the fault lies with the program, not with your answer
reason-candidate-interrupted = the analysis was interrupted; the fault is not yours
reason-candidate-see_run = the analysis failed; the fault is not yours
reason-candidate-stopped = the analysis was ended by a person before it was complete; the fault is not yours
reason-candidate-superseded = { reason-candidate-interrupted }

## Nothing to measure.
reason-candidate-written_answer = { reason-reviewer-written_answer }
reason-candidate-no_picture = { reason-reviewer-no_picture }
reason-candidate-no_sound = { reason-reviewer-no_sound }
reason-candidate-picture_unreadable = { reason-reviewer-picture_unreadable }
reason-candidate-sound_unreadable = { reason-reviewer-sound_unreadable }
reason-candidate-too_many_channels = { reason-reviewer-too_many_channels }
reason-candidate-no_words = { reason-reviewer-no_words }
reason-candidate-no_voice = { reason-reviewer-no_voice }
reason-candidate-text_language_unknown = { reason-reviewer-text_language_unknown }
reason-candidate-face_nowhere = your face is nowhere visible
reason-candidate-stage_not_run = this part of the analysis has not run
reason-candidate-not_in_policy = this is not analysed: { $part }
reason-candidate-not_analyzed = { reason-reviewer-not_analyzed }
reason-candidate-not_measured = { reason-reviewer-not_measured }

## Measures of the face.
reason-candidate-one_picture = { reason-reviewer-one_picture }
reason-candidate-face_never_visible = your face is never visible ({ $problems })
reason-candidate-face_problem = { reason-reviewer-face_problem }
reason-candidate-face_unseen = { reason-reviewer-face_unseen }
reason-candidate-face_unseen_share = { reason-reviewer-face_unseen_share }
reason-candidate-gaze_too_short = your eyes are seen for too short a time
reason-candidate-emotion_caution = { reason-reviewer-emotion_caution }

## Measures of the voice.
reason-candidate-unspaced_language = { reason-reviewer-unspaced_language }
reason-candidate-no_syllables = { reason-reviewer-no_syllables }
reason-candidate-no_pauses = { reason-reviewer-no_pauses }
reason-candidate-no_punctuation = { reason-reviewer-no_punctuation }
reason-candidate-no_filler_list = this is not counted in { $language }
reason-candidate-too_few_syllables = you said too little to measure the rhythm
reason-candidate-too_few_cycles = there is too little of your voice to measure
reason-candidate-cycles_unlike = your voice is too uneven to measure this
reason-candidate-too_few_words_for_rate = you said too few words to measure the pace
reason-candidate-too_short_to_count = your answer is too short to count per minute ({ $span_s } s from first to last speech)
reason-candidate-too_little_voiced = there is too little of your voice to measure ({ $voiced_s } s)
reason-candidate-too_noisy = the noise around you is too loud
reason-candidate-noise_unknown = { reason-reviewer-noise_unknown }
reason-candidate-silent = { reason-reviewer-silent }
reason-candidate-digital_silence = the noise around you could not be measured
reason-candidate-too_little_noise = the noise around you could not be measured
reason-candidate-speech_not_louder = your speech is not louder than the noise around you
reason-candidate-clipped = the sound is overdriven

## Flags.
reason-candidate-several_faces = { reason-reviewer-several_faces }
reason-candidate-other_face = { reason-reviewer-other_face }
reason-candidate-still_picture = { reason-reviewer-still_picture }
reason-candidate-picture_missing = { reason-reviewer-picture_missing }
reason-candidate-other_voice = another voice speaks
reason-candidate-two_voices = { reason-reviewer-two_voices }
reason-candidate-muted = { reason-reviewer-muted }
reason-candidate-unwritten = { reason-reviewer-unwritten }
reason-candidate-sound_missing = { reason-reviewer-sound_missing }
reason-candidate-still_lips = your mouth could not be seen moving while somebody spoke

## What is not rated, and how.
reason-candidate-too_few_words = { $words ->
    [0] there were no words to rate
    [one] there was only { $words } word to rate
   *[other] there were only { $words } words to rate
}; more are needed
reason-candidate-other_language = your answer is in { $found }; the criteria are for { $wanted }
reason-candidate-whose_answer = { $voices } voices speak, none of them most of the time; which one is yours cannot be told
reason-candidate-other_voice_left_out = what another voice says was left out
reason-candidate-injection_left_out = words addressed to whoever rates were left out
reason-candidate-off_topic = the answer may not belong to this question
reason-candidate-question_not_named = the answer names no question; it was held against all criteria
reason-candidate-question_unknown = the question is not among the criteria; the answer was held against all of them
reason-candidate-question_not_rated = answers to this question are not rated
reason-candidate-fallback_rated = it was rated without a language model, for now
reason-candidate-variant_not_rated = one of the checks of how steady the rating is could not be made

## What a rater says.
reason-candidate-rater_says = { reason-reviewer-rater_says }
reason-candidate-rater_abstains = the language model found too little to rate
reason-candidate-rater_found_nothing = { reason-reviewer-rater_found_nothing }
reason-candidate-rater_gave_no_reason = { reason-reviewer-rater_gave_no_reason }
reason-candidate-rater_gave_no_rating = the language model gave no rating that holds
reason-candidate-reply_unusable = what the language model gave could not be used
reason-candidate-rating_invalid = what the language model gave for { $competency } could not be used
reason-candidate-rating_missing = the language model gave no rating of { $competency }
reason-candidate-rated_twice = the language model gave two different ratings of { $competency }
reason-candidate-level_without_quote = the language model rated { $competency } without a quote
reason-candidate-quotes_not_found = the language model quoted for { $competency } what you did not say; that was left out
reason-candidate-tells = { reason-reviewer-tells }
reason-candidate-touches = { reason-reviewer-touches }
reason-candidate-claims = { reason-reviewer-claims }
reason-candidate-nothing_said = { reason-reviewer-nothing_said }

## Evidence: measures against their reference bands.
reason-candidate-pace = pace: { $sps } syllables per second
reason-candidate-pauses = pauses: { $share } of the time
reason-candidate-fillers = fillers such as “um”: { $per_min } per minute
reason-candidate-pitch_range = pitch range: { $semitones } semitones
reason-candidate-face_visible = face in the picture: { $share } of the time
reason-candidate-on_camera = looks near the camera: { $share } of the time
reason-candidate-pause = { reason-reviewer-pause }
reason-candidate-looks_away = { reason-reviewer-looks_away }

## Why there is no score.
reason-candidate-no_rating = { reason-reviewer-no_rating }
reason-candidate-no_evidence = { reason-reviewer-no_evidence }
reason-candidate-nothing_rated = { reason-reviewer-nothing_rated }
reason-candidate-under_change = { reason-reviewer-under_change }
reason-candidate-too_little_speech = only { $speech_s } s of speech; more is needed
reason-candidate-face_seldom_visible = your face can be seen only { $share } of the time
reason-candidate-gaze_not_measured = { reason-reviewer-gaze_not_measured }
reason-candidate-no_band = { reason-reviewer-no_band }
reason-candidate-language_not_recognized = { reason-reviewer-language_not_recognized }
reason-candidate-of_measure = { reason-reviewer-of_measure }
reason-candidate-start_missing = { reason-reviewer-start_missing }
reason-candidate-end_missing = { reason-reviewer-end_missing }
reason-candidate-other_track = { reason-reviewer-other_track }
reason-candidate-voice_without = { reason-reviewer-voice_without }
reason-candidate-too_few_measures = too little could be measured of your voice ({ $why })
reason-candidate-unfit_resolution = the recording is not good enough: the picture is too small
reason-candidate-unfit_frame_rate = the recording is not good enough: it has too few pictures per second
reason-candidate-unfit_brightness = the recording is not good enough: the picture is too dark
reason-candidate-unfit_sharpness = the recording is not good enough: the picture is too blurred
reason-candidate-unfit_level = the recording is not good enough: the voice is too quiet
reason-candidate-unfit_snr = the recording is not good enough: there is too much noise
reason-candidate-unfit_clipping = the recording is not good enough: the sound is overdriven
reason-candidate-unfit_dropouts = the recording is not good enough: sound is missing
reason-candidate-unfit_lost_pictures = the recording is not good enough: pictures are missing
reason-candidate-unfit_cut_off = the recording is not complete: its start or its end is missing

## How parts make a whole.
reason-candidate-several = { reason-reviewer-several }
reason-candidate-of_components = { reason-reviewer-of_components }
reason-candidate-of_competencies = { reason-reviewer-of_competencies }
reason-candidate-of_answer = one answer: { $why }
reason-candidate-of_component_in_answer = { $part } does not include one answer: { $why }
reason-candidate-component_share = { reason-reviewer-component_share }
reason-candidate-competency_share = { reason-reviewer-competency_share }
reason-candidate-left_out = { reason-reviewer-left_out }
reason-candidate-language_left_out = { reason-reviewer-language_left_out }
reason-candidate-needs_weight = too little could be scored: { $why }
reason-candidate-needs_components = not all parts could be scored: { $why }
reason-candidate-needs_competencies = not all criteria could be rated: { $why }
reason-candidate-shown_not_scored = { $part }: shown, not scored
reason-candidate-answer_not_scored = one answer is shown, not scored; its question is not rated
reason-candidate-scored_without = not all answers could be read
reason-candidate-no_answer_scored = { reason-reviewer-no_answer_scored }
reason-candidate-no_answer_scored_because = { reason-reviewer-no_answer_scored_because }
reason-candidate-no_rated_answer = { reason-reviewer-no_rated_answer }
reason-candidate-not_asked = { reason-reviewer-not_asked }
reason-candidate-perhaps_asked = no question asks for it, but perhaps that of an answer that could not be read
