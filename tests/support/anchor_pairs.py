"""Pairs of anchors, written for these tests: which say the same and which do not.

`SET` was looked at when the thresholds of `mulakat.rubrics.anchors` were set; `TRIED` was written before they were
tried on it, and nothing was changed after.
"""

from __future__ import annotations

Pairs = list[tuple[str, str]]

SET: dict[str, dict[str, Pairs]] = {
    "en": {
        "same": [
            (
                "Describes one problem and the steps they took to solve it.",
                "Tells of a problem and what they did step by step in order to solve it.",
            ),
            (
                "Says that they like to work in a team, without telling what they did with another person.",
                "States that they enjoy teamwork but does not tell what they did with anybody.",
            ),
            ("Puts the fault for what went wrong on others.", "Blames other people for the things that went wrong."),
            (
                "Tells what they learned and how they worked differently afterwards.",
                "Explains what was learned and how their work changed after that.",
            ),
            ("Names no customer and no need.", "Mentions neither a customer nor what a customer needed."),
            (
                "Asks questions to understand what the customer needs.",
                "Finds out the customer's needs by asking questions.",
            ),
            ("Gives a clear plan with dates.", "Presents a clear plan that has dates in it."),
            ("Took on a task of their own and brought it to an end.", "Took over a task and finished it."),
            ("Communicates clearly with the team.", "Is clear in communication with team members."),
            (
                "Explains how they found the cause and says what came of it.",
                "Says how the cause was found and what the result was.",
            ),
        ],
        "degree": [
            ("Shows poor problem solving skills.", "Shows good problem solving skills."),
            ("Communicates well.", "Communicates very well."),
            ("Rarely takes responsibility for mistakes.", "Often takes responsibility for mistakes."),
            ("Works with others somewhat effectively.", "Works with others highly effectively."),
        ],
        "different": [
            ("Names a problem and tells what caused it.", "Names a problem, but does not tell what caused it."),
            ("Describes the steps they took.", "Describes the steps they took and explains why they chose them."),
            ("Tells what the customer needed.", "Tells what the customer needed and checked that they got it."),
            (
                "Names something they learned from feedback.",
                "Asked for feedback and changed how they work because of it.",
            ),
            ("Did what they were told and no more.", "Did more than they were told, without being asked."),
            ("Mentions a deadline that was missed.", "Mentions a deadline and how they made sure that it was met."),
            (
                "Describes working with named people.",
                "Describes working with named people and the part that each of them had.",
            ),
            ("Blames the customer for the problem.", "Apologises to the customer for the problem."),
            ("Explains a decision with one reason.", "Explains a decision by weighing at least two alternatives."),
            ("Lists tools they have used.", "Explains what they built with the tools they have used."),
        ],
    },
    "tr": {
        "same": [
            (
                "Bir sorunu ve çözmek için attığı adımları anlatır.",
                "Yaşadığı bir sorunu ve onu çözmek için ne yaptığını adım adım anlatır.",
            ),
            (
                "Takım çalışmasını sevdiğini söyler, ama biriyle ne yaptığını anlatmaz.",
                "Ekip içinde çalışmaktan hoşlandığını belirtir, fakat kiminle ne yaptığını söylemez.",
            ),
            ("Kötü giden işin suçunu başkalarına yükler.", "Ters giden şeyler için başkalarını suçlar."),
            (
                "Ne öğrendiğini ve sonrasında işini nasıl başka türlü yaptığını anlatır.",
                "Öğrendiğini ve bundan sonra çalışma biçimini nasıl değiştirdiğini açıklar.",
            ),
            (
                "Müşterinin neye gereksinimi olduğunu anlamak için soru sorar.",
                "Sorular sorarak müşterinin ihtiyacını öğrenir.",
            ),
            ("Kendi üstüne bir görev almış ve onu bitirmiştir.", "Bir işi üstlenmiş ve tamamlamıştır."),
        ],
        "degree": [
            ("Sorunları iyi çözer.", "Sorunları çok iyi çözer."),
            ("Bazen sorumluluk alır.", "Her zaman sorumluluk alır."),
        ],
        "different": [
            ("Bir sorunun adını koyar ve nedenini anlatır.", "Bir sorunun adını koyar, ama nedenini anlatmaz."),
            ("Attığı adımları anlatır.", "Attığı adımları ve bunları neden seçtiğini anlatır."),
            ("Müşterinin isteğini söyler.", "Müşterinin isteğini söyler ve yerine geldiğini denetler."),
            (
                "Geri bildirimden öğrendiği bir şeyi söyler.",
                "Geri bildirim istemiş ve çalışma biçimini değiştirmiştir.",
            ),
            ("Kendisine söyleneni yapmıştır.", "Kimse söylemeden gerekeni yapmıştır."),
            ("Müşteriyi suçlar.", "Müşteriden özür diler ve sorunu çözer."),
        ],
    },
}

TRIED: dict[str, dict[str, Pairs]] = {
    "en": {
        "same": [
            (
                "Apologised to the customer and solved the complaint on the same day.",
                "Said sorry to the customer and settled the complaint that very day.",
            ),
            ("Cannot name a goal for the project.", "Is unable to say what the project's goal was."),
            ("Gives an example in which they helped a colleague.", "Tells of a case when they helped a co-worker."),
            (
                "Explains difficult things in plain words the listener understands.",
                "Uses simple language so that the listener can follow difficult matters.",
            ),
            (
                "Sets priorities by what matters most to the patient.",
                "Decides what to do first by its importance for the patient.",
            ),
            (
                "Measures the result with numbers and compares it with the goal.",
                "Compares the outcome with the target, using figures.",
            ),
            ("Leaves safety rules out when time is short.", "Ignores the safety rules under time pressure."),
            (
                "Asked experienced colleagues for advice before deciding.",
                "Consulted senior co-workers before making a decision.",
            ),
            ("Tells a story in which nothing was their own doing.", "The story holds no action of their own."),
            (
                "Noticed the mistake and told the manager at once.",
                "Reported the error to the manager as soon as they noticed it.",
            ),
        ],
        "degree": [
            ("Sometimes listens to customers.", "Always listens to customers."),
            ("Plans the work adequately.", "Plans the work excellently."),
            ("Explains ideas poorly", "Explains the ideas perfectly!"),
        ],
        "different": [
            ("Apologised to the customer.", "Apologised to the customer and solved the complaint on the same day."),
            ("Names a goal for the project.", "Cannot name a goal for the project."),
            (
                "Gives an example in which a colleague helped them.",
                "Gives an example in which they helped several colleagues to learn the job.",
            ),
            ("Uses technical terms the listener cannot know.", "Explains technical terms in words the listener knows."),
            ("Does tasks in the order they come in.", "Sets priorities by what matters most to the patient."),
            (
                "Says that the result was good, without a measure.",
                "Measures the result with numbers and compares it with the goal.",
            ),
            ("Leaves safety rules out when time is short.", "Stops the work when a safety rule cannot be kept."),
            (
                "Decided alone, without asking anybody.",
                "Asked experienced colleagues for advice, weighed it, and decided.",
            ),
            ("Tells what the team did.", "Tells what they did themselves within the team's work."),
            (
                "Kept the mistake to themselves until somebody found it.",
                "Noticed the mistake and told the manager at once.",
            ),
        ],
    },
    "tr": {
        "same": [
            (
                "Müşteriden özür dilemiş ve şikâyeti aynı gün çözmüştür.",
                "Müşteriden af dilemiş, şikâyeti o gün içinde gidermiştir.",
            ),
            ("Projenin amacını söyleyemez.", "Projenin hedefinin ne olduğunu dile getiremez."),
            (
                "Bir iş arkadaşına yardım ettiği bir örnek verir.",
                "Çalışma arkadaşına yardımcı olduğu bir olayı anlatır.",
            ),
            (
                "Zor konuları dinleyenin anlayacağı yalın sözlerle açıklar.",
                "Karmaşık şeyleri karşısındakinin anlayabileceği basit bir dille anlatır.",
            ),
            (
                "Sonucu sayılarla ölçer ve hedefle karşılaştırır.",
                "Elde edilen sonucu rakamlarla hedefe göre değerlendirir.",
            ),
            ("Zaman daralınca güvenlik kurallarını atlar.", "Vakit kısıtlıyken güvenlik kurallarına uymaz."),
            (
                "Karar vermeden önce deneyimli arkadaşlarına danışır.",
                "Kararını vermeden tecrübeli iş arkadaşlarının görüşünü alır.",
            ),
            ("Hatayı fark edince hemen yöneticisine söyler.", "Hatayı görür görmez yöneticisine bildirir."),
        ],
        "degree": [
            ("Müşterileri nadiren dinler.", "Müşterileri sık sık dinler."),
            ("İşini oldukça iyi planlar.", "İşini kötü planlar."),
        ],
        "different": [
            ("Müşteriden özür diler.", "Müşteriden özür diler ve şikâyeti aynı gün çözer."),
            ("Projenin amacını söyler.", "Projenin amacını söyleyemez."),
            (
                "Bir iş arkadaşından yardım aldığını anlatır.",
                "Birkaç iş arkadaşına işi öğrettiği bir örnek verir.",
            ),
            (
                "Dinleyenin bilmediği terimlerle konuşur.",
                "Terimleri dinleyenin bildiği sözcüklerle açıklar.",
            ),
            ("İşleri geldiği sırayla yapar.", "Hangi işin daha önemli olduğuna bakarak sıralama yapar."),
            (
                "Sonucun iyi olduğunu söyler, ölçü vermez.",
                "Sonucu sayılarla ölçer ve hedefle karşılaştırır.",
            ),
            ("Ekibin ne yaptığını anlatır.", "Ekibin işi içinde kendi yaptığını anlatır."),
            ("Hatayı biri bulana kadar saklar.", "Hatayı fark edince hemen yöneticisine söyler."),
        ],
    },
}
