"""How an interview is worded: counts, each with the sign that the literature gives it.

Signs: Naim et al. 2015/2018 (doi:10.1109/TAFFC.2016.2614299; speak more and more fluently, fewer fillers,
`we` rather than `I`, more unique words, quantifiers), Muralidhar & Gatica-Perez 2017 (long words, positive and
work words up, negations and assents down), hedges down (powerless speech, Erickson et al. 1978), concrete detail
up (Levashina & Campion 2007). Categories follow LIWC (Pennebaker et al. 2015); the words are our own lists.
0: no sign taken, the data decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from analyzers.language.specificity import specificity

WINDOW = 50  # words; moving-average type-token ratio (Covington & McFall 2010)
MTLD_FLOOR = 0.72  # McCarthy & Jarvis 2010

_TOKEN = re.compile(r"[a-z]+(?:'[a-z]+)?|\d[\d,.]*")

# category → (sign, words; `*` = any ending). Multi-word entries are looked for in the running text.
CATEGORIES: dict[str, tuple[int, str]] = {
    "i": (-1, "i i'm i've i'd i'll me my mine myself"),
    "we": (+1, "we we're we've we'd we'll us our ours ourselves"),
    "you": (0, "you you're you've your yours yourself"),
    "they": (+1, "they they're they've they'd them their theirs"),
    "impersonal": (0, "it it's its this that that's these those what which who whose"),
    "articles": (+1, "a an the"),
    "prepositions": (
        +1,
        "about above across after against along among around as at before behind between beyond by "
        "during for from in inside into near of off on onto out over through throughout to toward towards under until "
        "up upon with within without",
    ),
    "conjunctions": (0, "and but or so because if while when whereas although though unless since than"),
    "negations": (
        -1,
        "no not never none nothing nobody neither nor don't didn't doesn't can't couldn't won't wouldn't "
        "isn't wasn't aren't weren't haven't hasn't hadn't shouldn't cannot ain't",
    ),
    "quantifiers": (
        +1,
        "all another any both each every few fewer less lot lots many more most much several some "
        "various whole enough multiple couple majority",
    ),
    "numbers": (
        +1,
        "one two three four five six seven eight nine ten twenty thirty forty fifty hundred* thousand* "
        "million* first second third half percent once twice",
    ),
    "cause": (
        +1,
        "because cause* effect* since therefore thus hence reason* result* why leads led lead "
        "solution* solve* purpose basis due",
    ),
    "insight": (
        +1,
        "realiz* realis* learn* understand* understood discover* found recogni* decid* consider* analy* "
        "figure* determin* figured thought",
    ),
    "tentative": (
        -1,
        "maybe perhaps probably guess guessed possibl* somewhat might seem* suppose* unsure "
        "sort_of kind_of i_don't_know i_think i_feel_like or_something not_sure",
    ),
    "certain": (
        0,
        "always absolutely certain* clear* completely definite* exact* every indeed must never obvious* "
        "sure totally truly",
    ),
    "discrepancy": (0, "should would could hope* wish* want* need* ought lack*"),
    "positive": (
        +1,
        "good great excellent best better love* enjoy* excit* passion* happy fun nice awesome amazing "
        "wonderful success* proud* enthusias* interest* glad strong* perfect* opportunit* motivat* inspir* thrill* "
        "fantastic thank* benefi* improv*",
    ),
    "negative": (
        -1,
        "bad worst worse hate* sad* fail* wrong problem* difficult* terribl* awful hurt* annoy* angry mad "
        "frustrat* bored boring sorry unfortunate* stupid weak* lazy poor* disappoint* trouble* mess* suck*",
    ),
    "anxiety": (
        -1,
        "nervous* worr* afraid anxi* stress* scared scary fear* tense awkward* embarrass* uncomfort* "
        "overwhelm* panic* pressure* shy",
    ),
    "work": (
        +1,
        "work* job* career* compan* compet* project* team* lead* leader* manag* business* research* intern* "
        "skill* experience* goal* client* custom* design* develop* engineer* organiz* plan* program* present* product* "
        "responsib* task* train* industr* deadline* budget*",
    ),
    "achieve": (
        +1,
        "achiev* accomplish* goal* success* win won award* improv* increas* succeed* complet* effort* "
        "challeng* creat* earn* built build* deliver* launch* initiat* finish* overcame overcome",
    ),
    "social": (
        +1,
        "team* people group* friend* together help* talk* commun* collaborat* peer* colleague* members "
        "everyone share* support* listen* student* professor* mentor*",
    ),
    "past": (
        +1,
        "was were had did went got made took came said told gave worked helped learned tried wanted started "
        "led decided organized created built managed designed developed",
    ),
    "future": (0, "will i'll we'll going gonna plan planning future tomorrow someday"),
    "nonfluent": (-1, "um umm uh uhh er erm hmm hm mm uhm ah eh"),
    "filler": (-1, "like yeah okay ok you_know i_mean whatever stuff things anyway basically and_stuff so_yeah"),
    "intensifier": (0, "really very so pretty quite extremely super totally actually just"),
    "contractions": (0, "gonna wanna gotta kinda sorta cuz cause dunno"),
    "sequence": (+1, "first then next after before finally afterwards later eventually during while once"),
    "contrast": (+1, "but however although though rather instead despite whereas yet otherwise"),
}

# The yardstick: what anybody would count first.
PLAIN = ("words", "unique words", "type-token ratio", "sentences", "words per sentence", "letters per word", "i", "we",
         "filler", "nonfluent", "negations", "numbers", "positive", "negative")  # fmt: skip

SIGNS: dict[str, int] = {
    **{name: sign for name, (sign, _) in CATEGORIES.items()},
    "words": +1,
    "unique words": +1,
    "type-token ratio": 0,
    "sentences": 0,
    "words per sentence": 0,
    "words per answer": +1,
    "letters per word": +1,
    "long words": +1,
    "mattr": +1,
    "mtld": +1,
    "repeated words": -1,
    "broken off": -1,
    "exclamations": +1,
    "questions": 0,
    "specificity": +1,
}


def tokens(text: str) -> list[str]:
    """Lower-case words and numbers."""
    return _TOKEN.findall(text.lower().replace("’", "'"))


def measures(answers: Sequence[str], sentences: Sequence[str]) -> dict[str, float]:
    """All measures of one interview, by the names of `SIGNS`; amounts as logarithms, categories per word."""
    text = " ".join(answers)
    words = tokens(text)
    n, kinds = max(len(words), 1), len(set(words))
    letters = np.array([len(w) for w in words] or [0])
    running = f" {' '.join(words)} "
    return {
        **{name: _rate(words, running, entry) for name, entry in _ENTRIES.items()},
        "words": np.log(n),
        "unique words": np.log(max(kinds, 1)),
        "type-token ratio": kinds / n,
        "sentences": np.log(max(len(sentences), 1)),
        "words per sentence": np.log(n / max(len(sentences), 1)),
        "words per answer": np.log(n / max(len(answers), 1)),
        "letters per word": float(letters.mean()),
        "long words": float((letters > 6).mean()),
        "mattr": _mattr(words),
        "mtld": np.log((_mtld(words) + _mtld(words[::-1])) / 2),
        "repeated words": sum(a == b for a, b in pairwise(words)) / n,
        "broken off": len(re.findall(r"--|…|\.\.\.|\w-\s|–|—", text)) / n,
        "exclamations": text.count("!") / n,
        "questions": text.count("?") / n,
        "specificity": float(specificity(sentences, "en").mean()) if len(sentences) else 0.0,
    }


def _compile(entry: str) -> tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]:
    items = entry.split()
    return (
        frozenset(i for i in items if "*" not in i and "_" not in i),
        tuple(i.rstrip("*") for i in items if i.endswith("*")),
        tuple(f" {i.replace('_', ' ')} " for i in items if "_" in i),
    )


_ENTRIES = {name: _compile(entry) for name, (_, entry) in CATEGORIES.items()}


def _rate(words: list[str], running: str, entry: tuple[frozenset[str], tuple[str, ...], tuple[str, ...]]) -> float:
    whole, stems, phrases = entry
    count = sum(w in whole or (bool(stems) and w.startswith(stems)) for w in words)
    return (count + sum(running.count(p) for p in phrases)) / max(len(words), 1)


def _mattr(words: list[str]) -> float:
    if len(words) <= WINDOW:
        return len(set(words)) / max(len(words), 1)
    return float(np.mean([len(set(words[i : i + WINDOW])) for i in range(len(words) - WINDOW + 1)])) / WINDOW


def _mtld(words: list[str]) -> float:
    factors, start = 0.0, 0
    seen: set[str] = set()
    for i, word in enumerate(words):
        seen.add(word)
        if len(seen) / (i - start + 1) <= MTLD_FLOOR:
            factors, start, seen = factors + 1, i + 1, set()
    if start < len(words):
        factors += (1 - len(seen) / (len(words) - start)) / (1 - MTLD_FLOOR)
    return max(len(words), 1) / max(factors, 1e-6) if factors else float(max(len(words), 1))
