# Raporun kendi metinleri; `you-` ile başlayanları aday okur.


title-reviewer = Görüşme raporu
title-candidate = Görüşmeniz ve nasıl çözümlendiği

subtitle = Görüşme { $id }
subtitle-dated = Görüşme { $id }, alındığı gün: { $date }

page = Sayfa { $page } / { $pages }
contents = { $id } görüşmesinin raporu
result = Sonuç


alt-score = { $label }: 100 üzerinden { $value }, aralık { $interval }
alt-no-score = { $label }: puan yok
alt-lane = { $label }, zaman içinde, { $scale }
alt-lane-blocks = { $label }, zaman içinde

about-language = söylenenlerin ölçütlerle karşılaştırılması
about-voice = hız, duraklar, dolgu sözleri ve ses perdesinin çeşitliliği
about-visual = yüzün görüntüde oluşu, kameraya yakın bakış

chip-rater = Değerlendiren: { $rater }
evidence-of = Kanıtlar: { $part }
left-out = Puanlanmayanlar ve nedenleri
nothing-left-out = Politikanın istediği her şey puanlanabildi.
answers = Yanıtlar
transcript-in = Yazıya döküm ({ $language })
no-transcript = Yazıya döküm yok.
marked = İşaretli bölümler kanıttır.

lanes = Zaman içinde
lanes-help = Sarı şeritler kanıt olarak alıntılanan bölümlerdir.

measured = Ölçülenler
notes = Notlar
rated-by = Değerlendiren
sources = Aralık nereden geliyor

policy-heading = Politika ne diyor
policy-analysed = Çözümlenen
policy-not-analysed = Çözümlenmeyen
policy-weights = Ağırlıklar
policy-min-words = Söylenenlerin değerlendirilmesi için en az sözcük
policy-min-speech-s = Sesin puanlanması için en az konuşma, sn
policy-min-visible-ratio = Yüzün görünmesi gereken en az pay
policy-min-scored-weight = Puanlanması gereken en az ağırlık

how-to-read = Bu rapor nasıl okunur
how-to-read-scale = Puanlar 0 ile 100 arasındadır; ölçüt setinin 1. düzeyi 0, 5. düzeyi 100 puandır. Çizgi puandır; çevresindeki bant, puanın on kezin dokuzunda içinde kalacağı aralıktır.
how-to-read-sources = Aralığın kaynakları, Ölçümde Belirsizliğin İfadesi Kılavuzu’na (JCGM 100:2008) göre birleştirilir.
how-to-read-tie = Aralıkları kesişen iki kişi eşit sayılır.

provenance = Bunu üreten
provenance-stage = Çözümleyici

you-intro = Görüşmeniz çözümlenirken bir bilgisayardan yararlanıldı. Bu belge neye bakıldığını, neyin ne kadar sayıldığını, ne sonuç çıktığını ve her sonucun hangi sözlerinize dayandığını anlatır. Bilgisayar hiçbir şeye karar vermez.
you-people = Bunu yanıtlarınızla birlikte bir insan okur ve kararı o verir. Bilgisayar hiçbir zaman tek başına karar vermez.
you-result = Sonucunuz
you-result-meaning = Puanlar 0 ile 100 arasındadır. Sizinki { $value }. Böyle bir puan hiçbir zaman kesin değildir: yeniden ölçülse on kezin dokuzunda { $interval } aralığında kalırdı. Aralıkları kesişen iki kişi eşit sayılır.
you-no-result = Genel puan yok: { $reason }. Bu, sizin hakkınızda bir yargı değildir.
you-sensitivity = Denetlemek için yanıtlarınız, önem taşımaması gereken değişikliklerle (başka adlar, “ııı” gibi sesler olmadan) yeniden puanlandı. Puan { $low } ile { $high } arasında kaldı.
you-provisional = Sözleriniz dil modeli olmadan, basit bir programla değerlendirildi. Sonuç geçicidir ve aralığı geniştir.
you-analysed = Ne çözümlendi, ne sayıldı
you-analysed-part = Bölüm
you-analysed-what = Neye bakıldı
you-analysed-weight = Ne kadar sayılıyor
you-what-language = söylediklerinizin her yetkinliğin tanımıyla karşılaştırılması
you-what-voice = konuşma hızınız, duraklar, “ııı” gibi sesler ve ses perdenizin canlılığı
you-what-visual = yüzünüzün görüntüde olup olmadığı ve kameraya yakın bakıp bakmadığınız
you-what-emotion = yüz ifadeleri için sözcükler
you-weight-moved = puanınızdaki payı { $share }; öngörülen { $planned } idi, gerisi puanlanamayan bölümlerden geldi
you-not-analysed = çözümlenmedi
you-shown = karar verenlere gösterilir, hiçbir zaman puanlanmaz
you-language = Ne söylediniz
you-language-help = Düzeyler “{ $rubric }” ölçüt setinde tanımlıdır. Her yetkinliğin altında sonucun dayandığı sözleriniz, söylediğiniz anla birlikte durur.
you-delivery = Nasıl söylediniz
you-delivery-help = Bunlar ölçümlerdir; her biri konuşmada olağan olan geniş bir aralıkla karşılaştırılır. Yalnızca çok dışında kalan puan kaybettirir.
you-why = Neden:
you-not-scored-help = Puanlanamayan hiçbir şey sizin aleyhinize sayılmaz.
you-all-scored = Sayılması gereken her şey puanlanabildi.
you-answers = Yanıtlarınız
you-answer-not-read = Bu yanıt okunamadı; aleyhinize sayılmaz.
you-quality = Kaydın teknik niteliği sonucu daha belirsiz kıldı:
you-rights = Haklarınız
you-rights-contest = Bu sonuca itiraz edebilir, görüşünüzü söyleyebilir ve bir insanın yeniden bakmasını isteyebilirsiniz.
you-rights-copy = Hakkınızda saklananların bir kopyasını ve yanlışların düzeltilmesini isteyebilirsiniz.
you-rights-erase = Onayınızı istediğiniz zaman geri alabilir, kayıtlarınızın ve onlardan türetilen her şeyin silinmesini isteyebilirsiniz.
you-rights-contact = Başvuru adresi: { $contact }.
you-rights-no-contact = Başvuru için sizi görüşmeye çağıran kuruma yazın.
you-rights-name = Görüşmenizin adını belirtin: { $id }.
you-versions = Bunu üreten
you-versions-rubric = Ölçüt seti
you-versions-policy = Politika
you-versions-rater = Sözlerinizi değerlendiren
you-versions-programs = Programlar ve sürümleri:
you-version = { $id }, sürüm { $version }
