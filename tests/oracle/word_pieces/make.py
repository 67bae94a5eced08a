"""What Hugging Face's tokenizers makes of texts of our own, by vocabularies of our own; see README.md."""
import collections
import json
import random
import sys

import tokenizers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

SYLLABLES = "ba co du fe gi ka lo mu ne pi ra so ta ve wi yo".split()
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
N_PIECES = 1800

# A few words each, made up or proverbial: letters that join, marks that combine, no spaces, right to left.
SCRIPTS = [
    "The quick brown fox doesn't jump over 13 lazy dogs, e.g. (twice) — “really”?",
    "Çà et là, l'été déjà; Ångström façade naïve œuvre ÆØÅ Straße ẞ İstanbul ılık ǅ ﬁ ﬀ",
    "Зима не даром злится; Ёжик їжак ў ћ", "Ο Σίσυφος ΟΔΟΣ ὈΔΥΣΣΕΎΣ ς σ", "שלום עולם, אָלֶף־בֵּית", "مرحبا بالعالم؟ كِتَابٌ ٣٫١٤",
    "नमस्ते दुनिया। क्ष", "สวัสดีชาวโลก", "ภาษาไทย ๑๒๓", "こんにちは世界、カタカナ・ﾊﾝｶｸ", "你好，世界。汉字漢字", "한국어 조선말 각각",
    "გამარჯობა", "Բարեւ", "ሰላም።", "ᏣᎳᎩ", "ខ្មែរ", "မြန်မာ", "བོད་སྐད།", "தமிழ் ௧", "ᚠᚢᚦ", "𐐀𐐨", "𝒜𝓫 𝟙𝟚", "中𠀀𪛖𫝀丽文",
]

# One oddity each: controls, spaces, joiners, combining marks, symbols, emoji, digits of other scripts, long words.
ODD = [
    "a\u00a0b\u2003c\u3000d\u1680e\u202ff", "a\u200bb\u200cc\u200dd\ufeffe\u00adf\u2060g", "a\tb\nc\rd\u2028e\u2029f\u0085g",
    "a\u0000b\ufffdc\u0007d\u007fe\u009ff", "e\u0301 \u0301e o\u0308\u0323 \u1e0b\u0323 \uac00 \u1100\u1161", "\u0345\u0391 \u0130i I\u0307",
    "½ ² ₃ Ⅷ ⅷ ① ㊿ ٤ ߂ ๓ 𝟗", "$5 €6 £7 ¥8 ₿9 +1 <2> =3 ^4 `5` |6| ~7", "¡a! ¿b? «c» ‘d’ … – — ‐ ‑ · • † ‡ ‰ ′ ″",
    "§ ¶ © ® ™ ° ± × ÷ ¬ µ ª º", "😀👍🏽👨‍👩‍👧🇩🇪❤️ 1️⃣", "a.b,c;d:e!f?g-h_i/j\\k(l)m[n]o{p}q\"r's@t#u%v&w*x",
    "....!!!??? --- ___", "http://ba.co/du?fe=gi#ka lo@mu.ne", "don't we'll I'd o'clock 'tis rock'n'roll",
    "x" * 99, "x" * 100, "x" * 101, "ba" * 50, "ba" * 51, "é" * 101, "京" * 120, "a-" * 60, "ba" * 49 + " " + "co" * 49,
    "[CLS] ba [SEP]", "[MASK][MASK] co", "a[MASK]b", "[mask] [UNK] [PAD]", "##ba ba##co ##", "[ MASK ] [MASK", "[unk]",
    # The ends of what BERT takes for Chinese characters, and what lies beside them.
    *(f"ba{chr(place)}co" for end in [0x20000, 0x2A6DF, 0x2A700, 0x2B73F, 0x2B740, 0x2B81F, 0x2B920, 0x2CEAF, 0x2F800,
                                      0x2FA1F, 0x3400, 0x4DBF, 0x4E00, 0x9FFF, 0xF900, 0xFAFF] for place in [end - 1, end, end + 1]),
    "", " ", "  ba   co  ", "\u200b", "\u0301", "\ud7ff\ue000\uf8ff\U000f0000", "BACO BaCo baCO", "１２３ ＡＢＣ ａｂｃ",
]


def sentences(rng):
    words = ["".join(rng.choice(SYLLABLES) for _ in range(rng.randint(1, 5))) for _ in range(120)]
    alphabet = "abcdeoBZ'’.,-_/&09éßΩж京क가ا\u0301\u00a0\u200b\u00ad😀𐐀½"
    lines = []
    for _ in range(60):
        line = [rng.choice(words) for _ in range(rng.randint(2, 9))]
        line[0] = line[0].capitalize()
        lines.append(" ".join(line) + rng.choice([".", " .", "!", "?", ""]))
    for _ in range(120):
        lines.append(" ".join("".join(rng.choice(alphabet) for _ in range(rng.randint(1, 14))) for _ in range(4)))
    return lines


def tokenizer_of(lines, lowercase):
    normalizer, splitter = normalizers.BertNormalizer(lowercase=lowercase), pre_tokenizers.BertPreTokenizer()
    # The commonest parts of words. Not by the trainer, which leaves the order of equal counts to chance.
    counts = collections.Counter()
    for line in lines:
        for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(line)):
            for start in range(len(word)):
                for end in range(start + 1, min(len(word), start + 4) + 1):
                    counts[("##" if start else "") + word[start:end]] += 1
    pieces = sorted(counts, key=lambda piece: (-counts[piece], piece))[:N_PIECES]
    ids = {piece: i for i, piece in enumerate(SPECIAL + sorted(pieces))}
    tokenizer = Tokenizer(models.WordPiece(ids, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer, tokenizer.pre_tokenizer = normalizer, splitter
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", ids["[SEP]"]), ("[CLS]", ids["[CLS]"]))
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.add_special_tokens(SPECIAL)
    return tokenizer


def utf16(text, place):
    return len(text[:place].encode("utf-16-le")) // 2


def main(folder):
    lines = sentences(random.Random(3)) + SCRIPTS + ODD
    named = {"cased": tokenizer_of(lines, False), "uncased": tokenizer_of(lines, True)}
    cases = []
    for line in lines:
        expected = {}
        for name, tokenizer in named.items():
            found = tokenizer.encode(line)
            places = [[utf16(line, start), utf16(line, end)] for start, end in found.offsets]
            expected[name] = {"ids": found.ids, "offsets": places}
        cases.append({"text": line, "expected": expected})
        # As column files have them.
        words = [word for word in line.split(" ") if word]
        expected = {}
        for name, tokenizer in named.items():
            found = tokenizer.encode(words, is_pretokenized=True)
            expected[name] = {"ids": found.ids, "wordIds": found.word_ids}
        cases.append({"words": words, "expected": expected})
    written = {
        "versions": {"tokenizers": tokenizers.__version__},
        "tokenizers": {name: json.loads(tokenizer.to_str()) for name, tokenizer in named.items()},
        "cases": cases,
    }
    with open(f"{folder}/cases.json", "w", encoding="utf-8") as file:
        json.dump(written, file, ensure_ascii=True, separators=(",", ":"))
        file.write("\n")


main(sys.argv[1])
