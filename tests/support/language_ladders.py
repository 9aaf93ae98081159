"""Answers graded weak → middle → strong, written for the tests: per language, competency and half.

DEVELOPMENT: thresholds of the local scorer were set on these. SECOND_HALF: written at the same time and seen once;
after that look the cues were widened and the example ramp was lowered, so it is not held out. One hand wrote them
all, so they say that the scorer follows its rubric, not that it agrees with people.
"""

from __future__ import annotations

Ladder = tuple[str, str, str]

DEVELOPMENT: dict[tuple[str, str], Ladder] = {
    ("en", "problem_solving"): (
        "I am really good at solving problems. Whenever there is a problem I find a solution. I think that is one of "
        "my biggest strengths.",
        "In my last job the label printer kept stopping. I cleaned it and I put in a new roll. After that it printed.",
        "In March our website became slow every evening. I looked at the logs of two weeks and saw that it always "
        "began when the backup started at seven. I compared moving the backup with buying a larger server, and moved "
        "it, because that cost nothing. I measured the loading time again, and it fell from nine seconds to two.",
    ),
    ("en", "teamwork"): (
        "I am a people person and I love working in a team. Communication is very important to me. I get along with "
        "everybody.",
        "At the hotel I worked with two colleagues at the reception. I did the check-in and they did the phones and "
        "the luggage.",
        "In the spring the sales team and our developers argued about the release. I sat down with both sides and "
        "listened to what worried them. I explained in plain words what could be ready by June, and we agreed on a "
        "smaller version together. Both teams kept to it, and we released it on the day we had promised.",
    ),
    ("en", "ownership"): (
        "I am very reliable and responsible. You can always count on me. I take my work seriously.",
        "My boss asked me to count the stock every Friday. I did the count and gave him the list.",
        "Last autumn I noticed that nobody answered the complaints on our page. It was not my duty, but I took it on "
        "and answered all forty of them within a week. I had promised one customer the wrong refund, so I told my "
        "manager that it was my mistake and put it right. Then I wrote a checklist, and no complaint has waited for "
        "longer than a day since.",
    ),
    ("en", "learning"): (
        "I learn fast and I am very flexible. I am open to new things. I think one should never stop learning.",
        "In my first job I learned to use a spreadsheet. A colleague showed me the formulas.",
        "After my first presentation I asked three colleagues for feedback. They told me that I spoke too fast and "
        "showed too many numbers. I took a course in the evenings and changed how I prepare, with one message on each "
        "page. Since then the customers ask better questions, and I teach the new colleagues how to do it.",
    ),
    ("tr", "problem_solving"): (
        "Ben sorun çözmede çok iyiyimdir. Her sorunun bir çözümü vardır. Bence en güçlü yanım budur.",
        "Önceki işimde etiket yazıcısı sürekli duruyordu. Temizledim ve yeni bir rulo taktım. Sonra yazdı.",
        "Mart ayında sitemiz her akşam yavaşlıyordu. İki haftalık kayıtları inceledim ve yavaşlamanın saat yedide "
        "yedekleme başlayınca çıktığını gördüm. Yedeği başka saate almakla daha büyük bir sunucu almayı karşılaştırdım "
        "ve bedava olduğu için saati değiştirdim. Sonra yeniden ölçtüm, açılış süresi dokuz saniyeden ikiye indi.",
    ),
    ("tr", "teamwork"): (
        "Takım çalışmasını çok severim. İnsanlarla aram her zaman iyidir. İletişim bence çok önemlidir.",
        "Otelde resepsiyonda iki arkadaşımla çalıştım. Ben kayıtları yaptım, onlar telefonlara baktı.",
        "İlkbaharda satış ekibiyle yazılımcılarımız sürüm yüzünden tartıştı. İki tarafla da oturup neden "
        "kaygılandıklarını dinledim. Hazirana neyin yetişeceğini yalın sözlerle anlattım ve birlikte daha küçük bir "
        "sürümde anlaştık. İki ekip de sözünü tuttu, ürünü söz verdiğimiz gün çıkardık.",
    ),
    ("tr", "ownership"): (
        "Ben çok sorumluluk sahibi ve güvenilir biriyim. Bana her zaman güvenebilirsiniz. İşimi ciddiye alırım.",
        "Müdürüm her cuma stok saymamı istedi. Saydım ve listeyi ona verdim.",
        "Geçen sonbahar sayfamızdaki şikâyetlere kimsenin yanıt vermediğini fark ettim. Benim görevim değildi ama işi "
        "üstlendim ve bir haftada kırk şikâyetin hepsini yanıtladım. Bir müşteriye yanlış iade sözü vermiştim, "
        "yöneticime hatanın bende olduğunu söyledim ve düzelttim. Sonra bir kontrol listesi yazdım, o günden beri "
        "hiçbir şikâyet bir günden fazla beklemedi.",
    ),
    ("tr", "learning"): (
        "Çabuk öğrenen, uyumlu biriyim. Yeniliklere açığım. Bence insan öğrenmeyi hiç bırakmamalı.",
        "İlk işimde tablo programını kullanmayı öğrendim. Formülleri bir arkadaşım gösterdi.",
        "İlk sunumumdan sonra üç arkadaşımdan geri bildirim istedim. Çok hızlı konuştuğumu ve çok fazla sayı "
        "gösterdiğimi söylediler. Akşamları bir kursa gittim ve hazırlanma biçimimi değiştirdim. O günden beri "
        "müşteriler daha iyi sorular soruyor, ben de yeni gelenlere bunu öğretiyorum.",
    ),
}

SECOND_HALF: dict[tuple[str, str], Ladder] = {
    ("en", "problem_solving"): (
        "Problems do not scare me, I like challenges. I am creative and I think outside the box. There is always a "
        "way.",
        "A customer could not log in. I reset his password and sent him the new one.",
        "At the bakery a third of the bread came out flat in January. I weighed the flour, checked the oven with a "
        "second thermometer, and found that the oven was twenty degrees too cold on the left. A new oven was too "
        "expensive, so I turned the trays halfway instead. We counted for a month, and the waste went down to five "
        "loaves a day.",
    ),
    ("en", "teamwork"): (
        "Teamwork makes the dream work, I always say. I am friendly and open, and people like me. I think I am a good "
        "communicator.",
        "For the school festival we were four people. Two of them built the stage, one sold the tickets, and I made "
        "the posters.",
        "On the ward the night nurses were angry because our handover took too long. I asked two of them what they "
        "really needed, and explained to my own shift why they waited. Together we wrote one page with five points. "
        "After three weeks the handover took ten minutes and the arguing stopped.",
    ),
    ("en", "ownership"): (
        "I always take responsibility for what I do. I am a hard worker and I give one hundred percent. It was never "
        "my fault when things went wrong.",
        "I was told to update the prices in the catalogue, so I updated the prices.",
        "In June I saw that the emergency exit in our hall was blocked by boxes. Nobody had asked me, but I moved them "
        "and spoke to the three drivers who left them there. When they came back I realised that I had not given them "
        "another place, which was my error. I marked a place, told the manager, and checked it every morning until "
        "the summer was over.",
    ),
    ("en", "learning"): (
        "I am always eager to learn new things and I adapt quickly. My friends say that I am very curious.",
        "In that project I learned that one should plan more time. It was a good lesson.",
        "In my second year a customer told me that my reports were hard to read. I asked our editor to go through two "
        "of them with me and read a book on plain writing. Since then I put the answer into the first line and cut "
        "the rest by half. The customer renewed the contract, and my group now writes all its reports that way.",
    ),
    ("tr", "problem_solving"): (
        "Sorunlardan korkmam, zorlukları severim. Yaratıcı biriyim. Mutlaka bir yol bulurum.",
        "Bir müşteri sisteme giremiyordu. Parolasını sıfırladım ve yenisini gönderdim.",
        "Ocak ayında fırında ekmeklerin üçte biri kabarmıyordu. Unu tarttım, fırını ikinci bir termometreyle ölçtüm ve "
        "sol tarafın yirmi derece soğuk olduğunu buldum. Yeni fırın pahalıydı, onun yerine tepsileri yarıda çevirmeyi "
        "seçtim. Bir ay saydık, atılan ekmek günde beşe indi.",
    ),
    ("tr", "teamwork"): (
        "Ekip ruhu benim için her şeydir. Güler yüzlü ve açık biriyim. Herkesle iyi anlaşırım.",
        "Okul şenliğinde dört kişiydik. İkisi sahneyi kurdu, biri bilet sattı, ben afişleri yaptım.",
        "Serviste gece hemşireleri devir uzun sürdüğü için kızgındı. İkisine gerçekten neye gereksinimleri olduğunu "
        "sordum ve kendi vardiyama neden beklediklerini anlattım. Birlikte beş maddelik bir sayfa yazdık. Üç hafta "
        "sonra devir on dakika sürüyordu ve tartışmalar bitti.",
    ),
    ("tr", "ownership"): (
        "Yaptığım işin her zaman arkasında dururum. Çok çalışkanım ve yüzde yüzümü veririm. İşler kötü gittiyse benim "
        "suçum değildi.",
        "Katalogdaki fiyatları güncellemem söylendi, ben de güncelledim.",
        "Haziranda salonumuzdaki acil çıkışın kutularla kapandığını gördüm. Kimse istememişti ama kutuları kaldırdım "
        "ve onları bırakan üç şoförle konuştum. Geri gelince başka yer göstermediğimi anladım, bu benim hatamdı. Bir "
        "yer çizdim, müdüre söyledim ve yaz bitene kadar her sabah denetledim.",
    ),
    ("tr", "learning"): (
        "Yeni şeyler öğrenmeye her zaman hevesliyim. Çabuk uyum sağlarım. Arkadaşlarım çok meraklı olduğumu söyler.",
        "O projede daha çok zaman ayırmak gerektiğini öğrendim. Güzel bir ders oldu.",
        "İkinci yılımda bir müşteri raporlarımın zor okunduğunu söyledi. Editörümüzden ikisini benimle okumasını "
        "istedim ve yalın yazı üzerine bir kitap okudum. O günden beri yanıtı ilk satıra koyuyor, gerisini yarıya "
        "indiriyorum. Müşteri sözleşmeyi yeniledi, artık bütün ekip raporlarını böyle yazıyor.",
    ),
}
