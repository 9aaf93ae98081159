# What each reason says to the candidate: plain words, no thresholds, nobody else's words, no addresses.
# A part of a sentence. Where a reviewer's words will do, they are taken.

## A recording or text that is refused.
reason-candidate-input_refused = bu yanıt çözümleme için kabul edilemedi
reason-candidate-recording_missing = kayıt bulunamadı
reason-candidate-recording_not_fetched = kayıt alınamadı
reason-candidate-recording_changed = kayıt çözümlenirken değiştirildi
reason-candidate-recording_empty = dosya boş
reason-candidate-recording_unreadable = kayıt okunamıyor
reason-candidate-several_recordings = dosyada art arda iki kayıt var
reason-candidate-recording_too_large = kayıt çok büyük
reason-candidate-recording_too_long = kayıt çok uzun
reason-candidate-not_a_recording = dosya bir kayıt değil
reason-candidate-nothing_to_see_or_hear = kayıtta ne görüntü ne ses var
reason-candidate-not_plain_text = yazılı yanıt düz metin değil
reason-candidate-text_too_long = yazılı yanıt çok uzun
reason-candidate-text_empty = yazılı yanıtta hiç sözcük yok
reason-candidate-language_not_known = program belirtilen dili bilmiyor

## Trouble that is not the recording's.
reason-candidate-machine_lacks = sorun yanıtınızda değil, programda
reason-candidate-trouble = sorun yanıtınızda değil, programda
reason-candidate-unexpected = sorun yanıtınızda değil, programda
reason-candidate-interrupted = çözümleme yarıda kesildi; sorun sizden kaynaklanmıyor
reason-candidate-see_run = çözümleme başarısız oldu; sorun sizden kaynaklanmıyor
reason-candidate-stopped = çözümleme tamamlanmadan bir kişi tarafından durduruldu; sorun sizden kaynaklanmıyor
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
reason-candidate-face_nowhere = yüzünüz hiç görünmüyor
reason-candidate-stage_not_run = çözümlemenin bu bölümü çalışmadı
reason-candidate-not_in_policy = bu çözümlenmez: { $part }
reason-candidate-not_analyzed = { reason-reviewer-not_analyzed }
reason-candidate-not_measured = { reason-reviewer-not_measured }

## Measures of the face.
reason-candidate-one_picture = { reason-reviewer-one_picture }
reason-candidate-face_never_visible = yüzünüz hiç görünmüyor ({ $problems })
reason-candidate-face_problem = { reason-reviewer-face_problem }
reason-candidate-face_unseen = { reason-reviewer-face_unseen }
reason-candidate-face_unseen_share = { reason-reviewer-face_unseen_share }
reason-candidate-gaze_too_short = gözleriniz çok kısa süre görülüyor
reason-candidate-emotion_caution = { reason-reviewer-emotion_caution }

## Measures of the voice.
reason-candidate-unspaced_language = { reason-reviewer-unspaced_language }
reason-candidate-no_syllables = { reason-reviewer-no_syllables }
reason-candidate-no_pauses = { reason-reviewer-no_pauses }
reason-candidate-no_punctuation = { reason-reviewer-no_punctuation }
reason-candidate-no_filler_list = bu, şu dilde sayılmıyor: { $language }
reason-candidate-too_few_syllables = ritmi ölçmek için konuşma çok az
reason-candidate-too_few_cycles = sesinizden ölçülebilecek bölüm çok az
reason-candidate-cycles_unlike = sesiniz bunu ölçmek için çok düzensiz
reason-candidate-too_few_words_for_rate = hızı ölçmek için sözcük sayısı çok az
reason-candidate-too_short_to_count = yanıtınız dakikada sayı için çok kısa (ilk konuşmadan sonuncuya { $span_s } sn)
reason-candidate-too_little_voiced = sesinizden ölçülebilecek bölüm çok az ({ $voiced_s } sn)
reason-candidate-too_noisy = çevrenizdeki gürültü çok fazla
reason-candidate-noise_unknown = { reason-reviewer-noise_unknown }
reason-candidate-silent = { reason-reviewer-silent }
reason-candidate-digital_silence = çevrenizdeki gürültü ölçülemedi
reason-candidate-too_little_noise = çevrenizdeki gürültü ölçülemedi
reason-candidate-speech_not_louder = konuşmanız çevrenizdeki gürültüden yüksek değil
reason-candidate-clipped = ses aşırı yüksek kaydedilmiş

## Flags.
reason-candidate-several_faces = { reason-reviewer-several_faces }
reason-candidate-other_face = { reason-reviewer-other_face }
reason-candidate-still_picture = { reason-reviewer-still_picture }
reason-candidate-picture_missing = { reason-reviewer-picture_missing }
reason-candidate-other_voice = başka bir ses konuşuyor
reason-candidate-two_voices = { reason-reviewer-two_voices }
reason-candidate-muted = { reason-reviewer-muted }
reason-candidate-unwritten = { reason-reviewer-unwritten }
reason-candidate-sound_missing = { reason-reviewer-sound_missing }
reason-candidate-still_lips = biri konuşurken ağzınızın oynadığı görülemedi

## What is not rated, and how.
reason-candidate-too_few_words = { $words ->
    [0] değerlendirilecek sözcük yoktu
   *[other] değerlendirilecek yalnızca { $words } sözcük vardı
}; daha fazlası gerekir
reason-candidate-other_language = yanıtınızın dili { $found }; ölçütlerin dili { $wanted }
reason-candidate-whose_answer = { $voices } ses konuşuyor, hiçbiri çoğunlukta değil; hangisinin sizin olduğu anlaşılamıyor
reason-candidate-other_voice_left_out = başka bir sesin söyledikleri alınmadı
reason-candidate-injection_left_out = değerlendirene seslenen sözler alınmadı
reason-candidate-off_topic = yanıt bu soruya ait olmayabilir
reason-candidate-question_not_named = yanıtta soru belirtilmemiş; tüm ölçütlere göre değerlendirildi
reason-candidate-question_unknown = soru ölçütler arasında yok; yanıt tüm ölçütlere göre değerlendirildi
reason-candidate-question_not_rated = bu soruya verilen yanıtlar değerlendirilmez
reason-candidate-fallback_rated = şimdilik dil modeli olmadan değerlendirildi
reason-candidate-variant_not_rated = değerlendirmenin ne kadar sağlam olduğuna ilişkin bir denetim yapılamadı

## What a rater says.
reason-candidate-rater_says = { reason-reviewer-rater_says }
reason-candidate-rater_abstains = dil modeli değerlendirecek yeterli şey bulmadı
reason-candidate-rater_found_nothing = { reason-reviewer-rater_found_nothing }
reason-candidate-rater_gave_no_reason = { reason-reviewer-rater_gave_no_reason }
reason-candidate-rater_gave_no_rating = dil modeli geçerli bir değerlendirme vermedi
reason-candidate-reply_unusable = dil modelinin verdiği kullanılamadı
reason-candidate-rating_invalid = dil modelinin { $competency } için verdiği kullanılamadı
reason-candidate-rating_missing = dil modeli { $competency } için değerlendirme vermedi
reason-candidate-rated_twice = dil modeli { $competency } için birbirinden farklı iki değerlendirme verdi
reason-candidate-level_without_quote = dil modeli { $competency } için alıntısız değerlendirme verdi
reason-candidate-quotes_not_found = dil modeli { $competency } için söylemediğiniz sözleri alıntıladı; bunlar sayılmadı
reason-candidate-tells = { reason-reviewer-tells }
reason-candidate-touches = { reason-reviewer-touches }
reason-candidate-claims = { reason-reviewer-claims }
reason-candidate-nothing_said = { reason-reviewer-nothing_said }

## Evidence: measures against their reference bands.
reason-candidate-pace = konuşma hızı: { $sps } hece/sn
reason-candidate-pauses = durakların süre payı: { $share }
reason-candidate-fillers = “ııı” gibi dolgu sözleri: dakikada { $per_min }
reason-candidate-pitch_range = ses perdesi aralığı: { $semitones } yarım ton
reason-candidate-face_visible = yüzün görüntüde olduğu süre payı: { $share }
reason-candidate-on_camera = kameraya yakın bakışın süre payı: { $share }
reason-candidate-pause = { reason-reviewer-pause }
reason-candidate-looks_away = { reason-reviewer-looks_away }

## Why there is no score.
reason-candidate-no_rating = { reason-reviewer-no_rating }
reason-candidate-no_evidence = { reason-reviewer-no_evidence }
reason-candidate-nothing_rated = { reason-reviewer-nothing_rated }
reason-candidate-under_change = { reason-reviewer-under_change }
reason-candidate-too_little_speech = yalnızca { $speech_s } sn konuşma var; daha fazlası gerekir
reason-candidate-face_seldom_visible = yüzünüzün görünür olduğu süre payı yalnızca { $share }
reason-candidate-gaze_not_measured = { reason-reviewer-gaze_not_measured }
reason-candidate-no_band = { reason-reviewer-no_band }
reason-candidate-language_not_recognized = { reason-reviewer-language_not_recognized }
reason-candidate-of_measure = { reason-reviewer-of_measure }
reason-candidate-start_missing = { reason-reviewer-start_missing }
reason-candidate-end_missing = { reason-reviewer-end_missing }
reason-candidate-other_track = { reason-reviewer-other_track }
reason-candidate-voice_without = { reason-reviewer-voice_without }
reason-candidate-too_few_measures = sesinizde ölçülebilen çok az şey var ({ $why })
reason-candidate-unfit_resolution = kayıt yeterince iyi değil: görüntü çok küçük
reason-candidate-unfit_frame_rate = kayıt yeterince iyi değil: saniyedeki kare sayısı çok az
reason-candidate-unfit_brightness = kayıt yeterince iyi değil: görüntü çok karanlık
reason-candidate-unfit_sharpness = kayıt yeterince iyi değil: görüntü çok bulanık
reason-candidate-unfit_level = kayıt yeterince iyi değil: ses çok kısık
reason-candidate-unfit_snr = kayıt yeterince iyi değil: gürültü çok fazla
reason-candidate-unfit_clipping = kayıt yeterince iyi değil: ses aşırı yüksek kaydedilmiş
reason-candidate-unfit_dropouts = kayıt yeterince iyi değil: ses eksik
reason-candidate-unfit_lost_pictures = kayıt yeterince iyi değil: görüntü eksik
reason-candidate-unfit_cut_off = kayıt tam değil: başı ya da sonu eksik

## How parts make a whole.
reason-candidate-several = { reason-reviewer-several }
reason-candidate-of_components = { reason-reviewer-of_components }
reason-candidate-of_competencies = { reason-reviewer-of_competencies }
reason-candidate-of_answer = yanıtlardan biri: { $why }
reason-candidate-of_component_in_answer = { $part }, yanıtlardan birini içermez: { $why }
reason-candidate-component_share = { reason-reviewer-component_share }
reason-candidate-competency_share = { reason-reviewer-competency_share }
reason-candidate-left_out = { reason-reviewer-left_out }
reason-candidate-language_left_out = { reason-reviewer-language_left_out }
reason-candidate-needs_weight = puanlanabilen pay çok az: { $why }
reason-candidate-needs_components = tüm bölümler puanlanamadı: { $why }
reason-candidate-needs_competencies = tüm ölçütler değerlendirilemedi: { $why }
reason-candidate-shown_not_scored = { $part }: gösterilir, puanlanmaz
reason-candidate-answer_not_scored = yanıtlardan biri gösterilir, puanlanmaz; sorusu değerlendirilmez
reason-candidate-scored_without = yanıtların tümü okunamadı
reason-candidate-no_answer_scored = { reason-reviewer-no_answer_scored }
reason-candidate-no_answer_scored_because = { reason-reviewer-no_answer_scored_because }
reason-candidate-no_rated_answer = { reason-reviewer-no_rated_answer }
reason-candidate-not_asked = { reason-reviewer-not_asked }
reason-candidate-perhaps_asked = bunu soran bir soru yok; okunamayan bir yanıtınki sormuş olabilir
