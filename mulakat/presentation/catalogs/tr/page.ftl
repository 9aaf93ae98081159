# İnceleme uygulamasının kendi metinleri.

language = Dil

interviews-title = Görüşmeler
interviews-candidate = Aday
interviews-state = Durum
interviews-score = İlerleme ya da puan
interviews-received = Alındığı zaman
interviews-open = Bu görüşmeyi aç
interviews-older = Daha eski
interviews-newer = Daha yeni
interviews-empty = Henüz görüşme yok. Örnek görüşmeyi çalıştırın ya da kendi görüşmenizi gönderin:

interview-title = Görüşme
interview-all = Tüm görüşmeler
interview-none-chosen = Görüşme seçilmedi.
interview-unknown = { $id } adlı bir görüşme yok. Silinmiş ya da adres yanlış yazılmış olabilir.
interview-unknown-run = { $run_id } Airflow çalışmasına ait bir görüşme henüz yok. Çalışma yeni başladıysa bu sayfa kendiliğinden devam eder; görüşme sonradan yeniden çalıştırıldıysa listeden bulun.
interview-about = Kampanya { $campaign } · { $rubric } · { $policy } · alındı { $received }
interview-report = Rapor
interview-report-reviewer = Değerlendiren için, { $format }
interview-report-candidate = Aday için, { $format }
interview-run = Airflow çalışması

progress-stages = { $total } adımdan { $done } tanesi

answer-choose = Yanıt
answer-written = Yazılı yanıt: oynatılacak bir kayıt yok. Seçilen alıntı metinde işaretlenir.

score-help = 0–100 arası. Bant, puanın ne kadar şaşabileceğini gösterir.
score-no-competencies = Hiçbir yetkinlik değerlendirilmedi.
score-scope = Puanlar
score-scope-interview = Tüm görüşme
score-scope-answer = Bu yanıt

reason-not-run = çalışmadı

player-lanes = Kayıttaki konum
player-yes = evet
player-no = hayır
player-cited = seçilen kanıt
player-unsure = Tanıyıcı emin değildi: { $percent }
player-not-here = Bu kayıt burada gösterilemez: ortam deposunda değil.
player-cannot-play = Bu tarayıcı kaydı oynatamıyor ({ $codec }). Ölçümler ve döküm yine de okunabilir; üzerlerine tıklamak imleci taşır.
player-cannot-load = Kayıt yüklenemedi. Sayfayı yenileyin; yine olmazsa kayıt artık depoda değildir.
player-no-picture = Bu tarayıcı görüntüyü gösteremiyor ({ $codec }); ses çalınır.
player-no-transcript = Yazıya dökülmedi: { $reason }

measure-heading = Bu yanıtın tüm ölçümleri
measure-column = Ölçüm
measure-value = Değer
measure-reason = Neden ölçülmedi

origin-heading = Bu sayılar nereden geliyor
origin-title = Kaynak
origin-stored = Kaydedildi { $at }, deneme { $attempt }, parmak izi:

error-no-database = Veritabanı ayarlanmamış. `mulakat up` ile başlatın ya da MULAKAT_MONGO_URI ayarını verin.
error-not-readable = Burada saklananı başka bir sürüm yazmış, okunamıyor. Görüşmeyi yeniden çözümleyin ya da onu yazan sürümü kullanın.
error-database = { $address } adresindeki veritabanı yanıt vermiyor. `mulakat up` ile başlatın ya da `mulakat status` ile denetleyin; geri gelince bu sayfa devam eder.

interviews-campaign = Kampanya

evidence-count = Kanıt ({ $count })
evidence-in-text = metinde

player-not-readable = Gösterilecek kayıt yok: { $reason }

compare-title = Karşılaştır
compare-none = Bu kampanyada henüz puanlanmış görüşme yok.
compare-about = Ölçüt: { $measure }. Aralıkları örtüşenler berabere sayılır.
compare-help = Sıra bir aralıktır: ilk sayı kesin olarak üstte olanlara, son sayı kesin olarak altta olanlara göre bulunur. Puanlar sıralar, kararı insanlar verir.
compare-tie = Berabere olduğu adaylar: { $names }
compare-no-tie = Berabere olduğu aday yok
compare-not-scored = Puanlanamadı: sırası yok, sonuncu değil
compare-other-measure = Başka bir ölçüt seti ya da politika: karşılaştırılamaz
