# Sayfanın, raporun ve komut satırının ortak sözleri; her biri burada bir kez durur.

component-language = Söylenenler
component-voice = Konuşma sesi
component-visual = Görüntü
component-emotion = Duygu sözcükleri

stage-fetch-media = Kayıt
stage-extract-audio = Ses
stage-transcribe = Yazıya döküm
stage-analyse-face = Yüz
stage-score-answer = Yanıtın puanı
stage-analyse-voice = { component-voice }
stage-analyse-language = { component-language }
stage-analyse-emotion = { component-emotion }

interview-state-queued = sırada
interview-state-running = sürüyor
interview-state-scored = puanlandı
interview-state-stopped = durduruldu
interview-state-failed = başarısız

state-waiting = bekliyor
state-running = sürüyor
state-ok = bitti
state-reused = yeniden kullanıldı
state-skipped = ölçülmedi
state-failed = başarısız

overall = Genel puan
interval = %90 aralığı { $interval }
score-interval = { $value } ({ $interval })

not-scorable-why = Puanlanamaz: { $reason }
not-scorable = Puanlanamaz

provisional = Geçici
provisional-help = Söylenenler dil modeli olmadan, yerel yöntemle değerlendirildi. Düzeyleri yargı olarak değil, kanıtların ilk ayıklaması olarak görün.

weight = ağırlık { $weight }
weight-planned = puandaki payı { $planned }
weight-moved = puandaki payı { $share } (öngörülen { $planned })
weight-left-out = öngörülen pay { $planned }, ama puan yok
weight-none = gösterilir, puanlanmaz

competencies = Yetkinlikler
components = Puanın bölümleri

sensitivity = Duyarlılık
sensitivity-chip = Duyarlılık: { $badge }, { $low }–{ $high }
sensitivity-help = Yanıtlar, anlamı değiştirmeyen zararsız değişikliklerle yeniden puanlandı. Genel puan { $low } ile { $high } arasında kaldı.
sensitivity-alone = Zararsız değişikliklerin hiçbiri sözleri değiştirmedi, bu yüzden yeniden puanlanan bir şey yok.
sensitivity-steady = kararlı
sensitivity-moves = oynuyor
sensitivity-unsteady = kararsız

variant-names = başka adlar
variant-fillers = dolgu sözleri çıkarılmış
variant-recogniser = tanıyıcının yanıldığı gibi değiştirilmiş sözcükler
variant-numbers = başka biçimde yazılmış sayılar
variant-points = { $points } puan (değişen sözcük: { $words })
variant-no-points = puanlanamaz (değişen sözcük: { $words })

source-rater = değerlendirenler arasındaki uyum
source-wording = sözlerdeki zararsız değişiklikler
source-recogniser = emin olunmadan tanınan sözcükler
source-amount = ne kadar konuşulduğu
source-capture = görüntü ve sesin niteliği
source-reference = başvuru aralıklarının kendisi
source-measurement = eksik ya da kesin olmayan ölçümler
source-answers = yanıtlar arasındaki fark

sources-help = Tek kaynak o olsaydı her iki yana kaç puan.

rater-local = yerel yöntem, dil modeli olmadan
rater-model = dil modeli { $model }

measure-speech-rate-wpm = Konuşma hızı, duraklarla
measure-articulation-rate-sps = Söyleyiş hızı
measure-pause-ratio = Durak payı
measure-fillers-per-min = Dolgu sözleri
measure-pitch-range-semitones = Perde aralığı
measure-duration = Süre
measure-container = Biçim
measure-picture = Görüntü
measure-sound = Ses
measure-characters = Karakter sayısı
measure-peak = En yüksek düzey
measure-language = Dil
measure-words = Sözcük sayısı
measure-speech = Konuşulan süre
measure-pauses-inside-ratio = Cümlecik içindeki duraklar
measure-f0-hz = Ses perdesi
measure-pitch-variation-semitones = Perde değişkenliği (standart sapma)
measure-loudness-range-db = Ses yüksekliği aralığı
measure-syllable-npvi = Ritim: hecelerin düzensizliği (nPVI)
measure-voiced-ratio = Konuşmanın ötümlü payı
measure-jitter-ratio = Perde titremesi (jitter, yerel)
measure-shimmer-ratio = Genlik titremesi (shimmer, yerel)
measure-loudness-dbfs = Kayıt düzeyi (mikrofonun)
measure-head-pose-deg = Baş dönüşü, kalkışı, eğimi (ortanca)
measure-smile = Gülümseme (ortalama)
measure-snr-db = Gürültüye göre ses
measure-on-camera-ratio = Kameraya yakın bakış
measure-visible-ratio = Yüz görünür
measure-max-faces = Aynı anda en çok yüz
measure-long-pauses-per-min = 1 sn ve daha uzun duraklar

unit-s = { $value } sn
unit-hz = { $value } Hz
unit-fps = { $value } kare/sn
unit-db = { $value } dB
unit-dbfs = { $value } dBFS
unit-degrees = { $value }°
unit-wpm = { $value } sözcük/dk
unit-sps = { $value } hece/sn
unit-per-min = dakikada { $value }
unit-semitones = { $value } yarım ton
unit-npvi = { $value } / 200
unit-px = { $value } px
unit-brightness = 255 üzerinden { $value }
unit-spread = { $median } ({ $range })

range = { $low } … { $high }

lane-words = Sözcükler
lane-pauses = Duraklar
lane-f0-hz = { measure-f0-hz }
lane-loudness-db = Ses yüksekliği (0 = olağan)
lane-visible = { measure-visible-ratio }
lane-on-camera = { measure-on-camera-ratio }
lane-gaze-yaw-deg = Bakış sola–sağa
lane-yaw-deg = Baş sola–sağa
lane-pitch-deg = Baş aşağı–yukarı
lane-smile = Gülümseme
lane-brow-raise = Kalkık kaşlar
lane-visible-yes = görünür
lane-visible-no = görünmüyor
lane-on-camera-yes = kameraya yakın
lane-on-camera-no = başka yere

flag-several-people = Görüntüde birden fazla kişi var
flag-another-person = Görüntüdeki kişi değişmiş olabilir
flag-still-picture = Görüntü duruyor
flag-no-picture = Görüntü yok
flag-muted = Mikrofon kapalıydı
flag-unwritten = Yazıya dökülmemiş konuşma var
flag-no-sound = Ses yok
flag-lips-do-not-move = Konuşma var ama görüntüdeki ağız neredeyse hiç oynamıyor
flag-speaker-change = Başka bir ses konuşuyor
flag-overlapping-speech = Aynı anda iki ses
flag-more = { $flag }: { $count } kez daha, inceleme uygulamasında

quality-resolution = Görüntü boyutu, kısa kenar
quality-frame-rate = Saniyedeki kare sayısı
quality-brightness = Parlaklık
quality-sharpness = Yüzün keskinliği
quality-level = Sesin düzeyi
quality-clipping = Aşırı yüksek (kırpılmış) ses
quality-dropouts = Eksik ses
quality-lost-pictures = Eksik görüntü
quality-cut-off = Başta ya da sonda eksik
quality-snr = { measure-snr-db }
quality-status-good = iyi
quality-status-poor = zayıf
quality-status-unusable = kullanılamaz

check-poor-more = { $measure }: { $value }. Zayıf, { $limit } üstünde; öneri: { $advice }.
check-poor-less = { $measure }: { $value }. Zayıf, { $limit } altında; öneri: { $advice }.
check-unusable-more = { $measure }: { $value }. Kullanılamaz, { $limit } üstünde; öneri: { $advice }. Bu yüzden puanlanmayan: { $parts }.
check-unusable-less = { $measure }: { $value }. Kullanılamaz, { $limit } altında; öneri: { $advice }. Bu yüzden puanlanmayan: { $parts }.

advice-resolution = daha iyi bir kamera ya da daha çok ışık
advice-frame-rate = öteki programları kapatmak ya da daha iyi bir bağlantı
advice-brightness = yüzün önüne bir ışık koymak
advice-sharpness = merceği silmek, daha yakın oturmak
advice-level = mikrofonu açmak ya da yaklaşmak
advice-snr = sessiz bir oda ya da kulaklıklı mikrofon
advice-clipping = mikrofonu kısmak
advice-dropouts = daha iyi bir bağlantı
advice-lost-pictures = kaydı yeniden göndermek
advice-cut-off = kaydın tamamını yeniden göndermek

attention = Bakmaya değer
attention-help = Otomatik bulundu; bir insan için ipucudur, hüküm değildir.


usage = Dil modelinin kullanımı
usage-requests = Yanıtlanan istek
usage-prompt-tokens = Okunan birim (token)
usage-completion-tokens = Yazılan birim (token)
usage-cost = Tutar
usage-not-told = bildirilmedi
usage-no-price = fiyat ayarlanmamış

answer-number = Yanıt { $number }
transcript = Yazıya döküm

not-analysed = Çözümlenemeyenler
not-measured = ölçülmedi

no-question = Bu yanıtla birlikte soru kaydedilmemiş.
people-decide = Puanlar karara yardım eder; kararı insanlar verir.
recording = Kayıt ve niteliği

origin-libraries = Kitaplıklar
origin-models = Modeller (sha256)
origin-options = Seçenekler

rubric = Ölçüt seti { $id }, sürüm { $version }
policy = Politika { $id }, sürüm { $version }
