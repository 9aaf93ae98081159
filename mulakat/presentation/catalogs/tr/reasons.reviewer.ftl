# What each reason says to those who decide and to whoever runs the machine; a part of a sentence.

## A recording or text that is refused. The message is English, from the program.
reason-reviewer-input_refused = girdi kabul edilmedi (program iletisi: “{ $message }”)
reason-reviewer-recording_missing = kayıt yerinde yok (program iletisi: “{ $message }”)
reason-reviewer-recording_not_fetched = kayıt alınamadı (program iletisi: “{ $message }”)
reason-reviewer-recording_changed = kayıt daha önce çözümlenenle aynı değil (program iletisi: “{ $message }”)
reason-reviewer-recording_empty = dosya boş (program iletisi: “{ $message }”)
reason-reviewer-recording_unreadable = kayıt okunamıyor (program iletisi: “{ $message }”)
reason-reviewer-several_recordings = dosyada iki kayıt var (program iletisi: “{ $message }”)
reason-reviewer-recording_too_large = kayıt çok büyük (program iletisi: “{ $message }”)
reason-reviewer-recording_too_long = kayıt çok uzun (program iletisi: “{ $message }”)
reason-reviewer-not_a_recording = dosya bir kayıt değil (program iletisi: “{ $message }”)
reason-reviewer-nothing_to_see_or_hear = kayıtta ne görüntü ne ses var (program iletisi: “{ $message }”)
reason-reviewer-not_plain_text = yazılı yanıt düz metin değil (program iletisi: “{ $message }”)
reason-reviewer-text_too_long = yazılı yanıt çok uzun (program iletisi: “{ $message }”)
reason-reviewer-text_empty = yazılı yanıtta hiç sözcük yok (program iletisi: “{ $message }”)
reason-reviewer-language_not_known = konuşma tanıyıcı bu dili bilmiyor (program iletisi: “{ $message }”)

## Trouble that is not the recording's.
reason-reviewer-machine_lacks = çözümleyen makinede bir şey eksik (program iletisi: “{ $message }”)
reason-reviewer-trouble = ağa ya da bir sunucuya ulaşılamadı (program iletisi: “{ $message }”)
reason-reviewer-unexpected = çözümleme beklenmedik biçimde sona erdi (program iletisi: “{ $message }”)
reason-reviewer-interrupted = çözümleme yarıda kesildi
reason-reviewer-see_run = çalıştırma başarısız oldu; nedeni Airflow günlüğünde yazıyor
reason-reviewer-stopped = bir kişi, tamamlanmadan çalıştırmayı Airflow’da sonlandırdı
reason-reviewer-superseded = bu mülakatın daha yeni bir çalıştırması devraldı

## Nothing to measure.
reason-reviewer-written_answer = yanıt yazılı verildi
reason-reviewer-no_picture = kayıtta görüntü yok
reason-reviewer-no_sound = kayıtta ses yok
reason-reviewer-picture_unreadable = kaydın görüntüsü okunamıyor
reason-reviewer-sound_unreadable = kaydın sesi okunamıyor
reason-reviewer-too_many_channels = { $channels } kanallı ses tek kanala indirilemiyor
reason-reviewer-no_words = konuşma bulunamadı
reason-reviewer-no_voice = sözcükler var, ama hiçbir ses öteki seslerden ayırt edilemiyor
reason-reviewer-text_language_unknown = metin, dili anlaşılamayacak kadar kısa ya da karışık
reason-reviewer-face_nowhere = adayın yüzü hiç görünmüyor
reason-reviewer-stage_not_run = şu adım çalışmadı: { $stage }
reason-reviewer-not_in_policy = { $policy } politikası bunu çözümlemez ({ $part })
reason-reviewer-not_analyzed = çözümlenmedi
reason-reviewer-not_measured = ölçülmedi

## Measures of the face.
reason-reviewer-one_picture = tek bir karenin kare hızı olmaz
reason-reviewer-face_never_visible = yüz hiç görünmüyor ({ $problems })
reason-reviewer-face_problem = { $of } karenin { $frames } tanesinde: { $problem }
reason-reviewer-face_unseen = { $problems }
reason-reviewer-face_unseen_share = { $problem } { $share }
reason-reviewer-gaze_too_short = bakış { $needed_s } sn’den kısa süre görülüyor; olağan yönünü bilmeye yetmez
reason-reviewer-emotion_caution = Etiket, bir gözlemcinin tek bir karedeki bu yüze hangi sözcüğü verebileceğini söyler. Yüzde görünen, kişinin hissettiği değildir; ifadeler kişiden kişiye, kültürden kültüre ve duruma göre değişir. Doğruluk, belirgin ifadeli az sayıda fotoğrafta ölçüldü; gündelik yüzlerde daha düşüktür. Hiçbir kararın gerekçesi olamaz.

## Measures of the voice.
reason-reviewer-unspaced_language = bu dilde ({ $language }) sözcükler arasında boşluk yazılmaz
reason-reviewer-no_syllables = hece sayılamadı
reason-reviewer-no_pauses = durak yok
reason-reviewer-no_punctuation = dökümde tümcecikleri ayıracak noktalama yok
reason-reviewer-no_filler_list = bu dil ({ $language }) için dolgu sözleri listesi yok
reason-reviewer-too_few_syllables = ritim için gereken { $needed } hece çiftinden yalnızca { $pairs } tanesi var
reason-reviewer-too_few_cycles = gereken { $needed } ses titreşiminden yalnızca { $cycles } tanesi var
reason-reviewer-cycles_unlike = yan yana gelen hiçbir iki ses titreşimi birbirine benzemiyor
reason-reviewer-too_few_words_for_rate = hız için gereken { $needed } sözcükten yalnızca { $words } tanesi var
reason-reviewer-too_short_to_count = ilk konuşmadan sonuncuya yalnızca { $span_s } sn; dakikada sayı için { $needed_s } sn gerekir
reason-reviewer-too_little_voiced = yalnızca { $voiced_s } sn ötümlü ses var; { $needed_s } sn gerekir
reason-reviewer-too_noisy = konuşma gürültünün yalnızca { $snr_db } dB üstünde; { $needed_db } dB gerekir
reason-reviewer-noise_unknown = gürültü bilinmiyor: { $why }
reason-reviewer-silent = ses tam sessizlik
reason-reviewer-digital_silence = sözcüklerin arasında tam sessizlik var, karşılaştıracak gürültü yok
reason-reviewer-too_little_noise = gürültüyü ölçmek için konuşmasız { $needed_s } sn ses bile yok
reason-reviewer-speech_not_louder = konuşma gürültüden yüksek değil
reason-reviewer-clipped = sesin kırpılmış payı { $share }; en çok { $most } olabilir

## Flags.
reason-reviewer-several_faces = görüntüde birden çok yüz var
reason-reviewer-other_face = yüz, yanıtın başındakinden farklı
reason-reviewer-still_picture = görüntü değişmiyor
reason-reviewer-picture_missing = görüntü yok: kamera kapalı ya da görüntü kayboldu
reason-reviewer-other_voice = başka bir ses, { $speaker }. konuşmacı (birincisine benzerliği, 1 üzerinden { $likeness })
reason-reviewer-two_voices = aynı anda iki ses
reason-reviewer-muted = { $seconds } sn boyunca hiç ses yok: mikrofon kapalıydı ya da uzun bir duraklama kaydedilmedi
reason-reviewer-unwritten = { $seconds } sn boyunca bir ses duyuluyor ama yazıya dökülmedi: anlaşılmıyor, başka bir dilde ya da güvenilir bulunmadı
reason-reviewer-sound_missing = { $seconds } sn boyunca ses yok: mikrofon kapatıldı ya da ses kayboldu
reason-reviewer-still_lips = görüntüdeki ağız oynamazken { $seconds } sn konuşma

## What is not rated, and how.
reason-reviewer-too_few_words = { $words ->
    [0] değerlendirilecek sözcük yok
   *[other] değerlendirilecek yalnızca { $words } sözcük var
}; { $policy } politikasına göre en az { $needed } gerekir
reason-reviewer-other_language = yanıtın dili { $found }; { $rubric } ölçüt setinin dili { $wanted }
reason-reviewer-whose_answer = { $voices } ses konuşuyor, en çok konuşanın payı { $share }; yanıtın kime ait olduğu anlaşılamıyor
reason-reviewer-other_voice_left_out = başka bir ses söylediği için alınmadı: “{ $quote }”
reason-reviewer-injection_left_out = değerlendirene seslendiği için alınmadı: “{ $quote }”
reason-reviewer-off_topic = hiçbir tümce soruya yaklaşmıyor; yanıt bu soruya mı ait?
reason-reviewer-question_not_named = yanıtta soru belirtilmemiş; tüm yetkinliklere göre değerlendirildi
reason-reviewer-question_unknown = soru { $rubric } ölçüt setinde yok; yanıt tüm yetkinliklere göre değerlendirildi
reason-reviewer-question_not_rated = { $rubric } ölçüt setine göre bu soruya verilen yanıtlar değerlendirilmez
reason-reviewer-fallback_rated = dil modeli kullanılamadığı için yerel yöntemle değerlendirildi (program iletisi: “{ $message }”); sonraki çözümleme modele yeniden sorar
reason-reviewer-variant_not_rated = şu değiştirilerek değerlendirilemedi: { $variant } (program iletisi: “{ $message }”)

## What a rater says.
reason-reviewer-rater_says = { $text }
reason-reviewer-rater_abstains = dil modeli değerlendirmedi: “{ $text }”
reason-reviewer-rater_found_nothing = dil modeli değerlendirecek bir şey bulmadı
reason-reviewer-rater_gave_no_reason = dil modeli gerekçe yazmadı
reason-reviewer-rater_gave_no_rating = dil modeline iki kez soruldu, geçerli bir değerlendirme vermedi: { $why }
reason-reviewer-reply_unusable = yanıtı kullanılamadı (program iletisi: “{ $message }”)
reason-reviewer-rating_invalid = { $competency } için verdiği değerlendirme geçersiz (program iletisi: “{ $message }”)
reason-reviewer-rating_missing = { $competency } için değerlendirme vermedi
reason-reviewer-rated_twice = { $competency } için birbirinden farklı iki değerlendirme verdi
reason-reviewer-level_without_quote = { $competency } için alıntısız bir düzey verdi
reason-reviewer-quotes_not_found = { $competency } için dökümde bulunmayan sözleri alıntıladı: { $quotes }
reason-reviewer-tells = anlatılan: { $parts }
reason-reviewer-touches = değiniyor, ama açık bir örnek vermiyor
reason-reviewer-claims = örneksiz iddialar ya da görüşler
reason-reviewer-nothing_said = yanıtta buna değinen bir şey yok

## Evidence: measures against their reference bands.
reason-reviewer-pace = konuşma hızı: { $sps } hece/sn; { $low } ile { $high } arasında tam puan ({ $source })
reason-reviewer-pauses = durakların süre payı: { $share }; en çok { $high } iken tam puan ({ $source })
reason-reviewer-fillers = “ııı” gibi dolgu sözleri: dakikada { $per_min }; en çok { $high } iken tam puan ({ $source })
reason-reviewer-pitch_range = ses perdesi aralığı: { $semitones } yarım ton; { $low } ile { $high } arasında tam puan ({ $source })
reason-reviewer-face_visible = yüzün görüntüde olduğu süre payı: { $share }; en az { $low } iken tam puan ({ $source })
reason-reviewer-on_camera = kameraya yakın bakışın süre payı: { $share }; en az { $low } iken tam puan ({ $source })
reason-reviewer-pause = { $seconds } sn durak
reason-reviewer-looks_away = { $seconds } sn başka yere bakış

## Why there is no score.
reason-reviewer-no_rating = değerlendirme yok
reason-reviewer-no_evidence = kanıtsız değerlendirildi, bu yüzden sayılmaz
reason-reviewer-nothing_rated = burada değerlendirilen bir şey yok
reason-reviewer-under_change = bu değişiklikle puanlanamaz
reason-reviewer-too_little_speech = yalnızca { $speech_s } sn konuşma var; { $policy } politikasına göre { $needed_s } sn gerekir
reason-reviewer-face_seldom_visible = yüzün görünür olduğu süre payı { $share }; { $policy } politikasına göre { $needed } gerekir
reason-reviewer-gaze_not_measured = bakış ölçülmedi
reason-reviewer-no_band = bu dil ({ $language }) için başvuru değeri yok
reason-reviewer-language_not_recognized = dil tanınmadı
reason-reviewer-of_measure = { $measure }: { $why }
reason-reviewer-start_missing = kaydın ilk { $seconds } saniyesi eksik: ilk parçaları ulaşmamış
reason-reviewer-end_missing = kaydın sonunda yaklaşık { $seconds } saniye eksik: kayıt kesilmiş
reason-reviewer-other_track = ses, { $tracks } ses kaydından { $track } numaralı olandan alındı: ilki sessiz
reason-reviewer-voice_without = ses şu olmadan puanlandı: { $why }
reason-reviewer-too_few_measures = sesin ikiden az ölçümü var ({ $why })
reason-reviewer-unfit_resolution = görüntü çok küçük: kısa kenarı { $value } piksel, { $limit } pikselin altında; daha iyi bir kamera kullanın
reason-reviewer-unfit_frame_rate = kare sayısı çok az: saniyede { $value }, { $limit } değerinin altında; öteki programları kapatın ya da daha iyi bir bağlantı kullanın
reason-reviewer-unfit_brightness = görüntü çok karanlık: parlaklık 255 üzerinden { $value }, { $limit } değerinin altında; yüzün önüne bir ışık koyun
reason-reviewer-unfit_sharpness = görüntü çok bulanık: keskinlik { $value }, { $limit } değerinin altında; merceği silin ya da yaklaşın
reason-reviewer-unfit_level = ses çok kısık: { $value } dBFS, { $limit } dBFS’nin altında; mikrofonu açın ya da yaklaşın
reason-reviewer-unfit_snr = gürültü çok fazla: konuşma { $value } dB üstünde, { $limit } dB gerekir; sessiz bir oda ya da kulaklıklı mikrofon kullanın
reason-reviewer-unfit_clipping = ses aşırı yüksek kaydedilmiş: payı { $value }, en çok { $limit } olabilir; mikrofonu kısın
reason-reviewer-unfit_dropouts = ses eksik: payı { $value }, en çok { $limit } olabilir; daha iyi bir bağlantı kullanın
reason-reviewer-unfit_lost_pictures = görüntü eksik: sürenin payı { $value }, en çok { $limit } olabilir; kaydı yeniden gönderin
reason-reviewer-unfit_cut_off = kaydın başı ya da sonu kesilmiş: eksik payı { $value }, en çok { $limit } olabilir; kaydın tamamını yeniden gönderin

## How parts make a whole.
reason-reviewer-several = { $why }
reason-reviewer-of_components = { $parts }: { $why }
reason-reviewer-of_competencies = { $parts }: { $why }
reason-reviewer-of_answer = { $answer }: { $why }
reason-reviewer-of_component_in_answer = { $part }, { $answer } yanıtını içermez: { $why }
reason-reviewer-component_share = { $part } { $share }
reason-reviewer-competency_share = { $part } { $share }
reason-reviewer-left_out = dışarıda kaldı: { $why }; ağırlıklar şöyle oldu: { $shares }
reason-reviewer-language_left_out = söylenenlerin dışında kaldı: { $why }; ağırlıklar şöyle oldu: { $shares }
reason-reviewer-needs_weight = puanlanabilen pay çok az: { $policy } politikası ağırlığın şu payını ister: { $share }; { $why }
reason-reviewer-needs_components = { $policy } politikası tüm bölümleri ister; { $why }
reason-reviewer-needs_competencies = { $policy } politikası tüm yetkinlikleri ister; { $why }
reason-reviewer-shown_not_scored = { $part }: gösterilir, puanlanmaz ({ $policy } politikası)
reason-reviewer-answer_not_scored = { $answer }: gösterilir, puanlanmaz; sorusu değerlendirilmez
reason-reviewer-scored_without = şunlar olmadan puanlandı: { $answers }
reason-reviewer-no_answer_scored = hiçbir yanıt puanlanamadı
reason-reviewer-no_answer_scored_because = hiçbir yanıt puanlanamadı: { $why }
reason-reviewer-no_rated_answer = değerlendirilen bir soruya yanıt yok
reason-reviewer-not_asked = bu görüşmede bunu soran bir soru yok
reason-reviewer-perhaps_asked = bunu soran bir soru yok; eksik olan yanıtınki ({ $answers }) sormuş olabilir
