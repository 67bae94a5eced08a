import { assert, assertEquals } from "@std/assert";
import { createRandom } from "../../../data/random.ts";
import { splitSentences, splitWords } from "../../../data/text/text_words.ts";

const words = (text: string) => splitWords(text).map(({ text }) => text).join("|");
const sentences = (text: string, paragraphs = false) =>
  splitSentences(text, { paragraphs }).map(({ text }) => text);
const visible = (text: string) =>
  text.replace(/[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}]/gu, "");

Deno.test("splitWords() splits as CoNLL corpora do", () => {
  const cases: [string, string][] = [
    ["", ""],
    [" \n\t", ""],
    ["He left.", "He|left|."],
    ["Germany's team didn't win", "Germany|'s|team|did|n't|win"],
    ["it’s can't CAN'T", "it|’s|ca|n't|CA|N'T"],
    ["the boys' 'own'", "the|boys|'|'|own|'"],
    ["in the U.S. (U.N.-led, e.g. here)", "in|the|U.S.|(|U.N.-led|,|e.g.|here|)"],
    ["Mr. Smith and J. K. Rowling", "Mr.|Smith|and|J.|K.|Rowling"],
    ["plan B. No more", "plan|B.|No|more"],
    ["plan B.", "plan|B|."],
    ["$1,000.50, 3.5% on 19/11/96 at 12:30.", "$|1,000.50|,|3.5|%|on|19/11/96|at|12:30|."],
    ["5-year-old e-mail O'Brien AT&T", "5-year-old|e-mail|O'Brien|AT&T"],
    ["amazon.com. The end.Next", "amazon.com|.|The|end|.|Next"],
    ["see https://a.b/c?d=1, or x@y.org.", "see|https://a.b/c?d=1|,|or|x@y.org|."],
    ["wait... no -- yes ``so''", "wait|...|no|--|yes|``|so|''"],
    ["“Hi”—she", "“|Hi|”|—|she"],
    ["cafe\u0301 na\u00efve", "cafe\u0301|na\u00efve"],
    ["北京Ab", "北|京|Ab"],
    ["👩‍👧 👍🏽!", "👩‍👧|👍🏽|!"],
    ["a\u00a0b\u3000c", "a|b|c"],
  ];
  for (const [text, expected] of cases) assertEquals(words(text), expected, text);
});

Deno.test("splitWords() takes ideographs one by one beside any letters, digits and marks", () => {
  const cases: [string, string][] = [
    ["iPhone手机很好", "iPhone|手|机|很|好"],
    ["王小明2020年在北京", "王|小|明|2020|年|在|北|京"],
    ["我在Google工作", "我|在|Google|工|作"],
    ["2020-01-05年1,000.5元", "2020-01-05|年|1,000.5|元"],
    ["A-股 x'京 a·京 京·a AT&京 a/京 a.京", "A|-|股|x|'|京|a|·|京|京|·|a|AT|&|京|a|/|京|a|.|京"],
    ["在U.S.工作王J. Smith", "在|U.S.|工|作|王|J.|Smith"],
    ["看https://a.b/c，谢x@y.org你https://a.b你", "看|https://a.b/c|，|谢|x@y.org|你|https://a.b|你"],
    ["人々は\u{20000}a〇", "人|々|は|\u{20000}|a|〇"],
    ["大한국어 서울에서京", "大|한국어|서울에서|京"],
    ["葛\u{e0100}城", "葛\u{e0100}|城"],
  ];
  for (const [text, expected] of cases) assertEquals(words(text), expected, text);
});

Deno.test("splitWords() finds words of kana, Thai, Lao, Khmer and Burmese by dictionary, beside others too", () => {
  const cases: [string, string][] = [
    ["さんはトヨタ自動車で", "さん|は|トヨタ|自|動|車|で"],
    ["Googleのジョン・スミス2人", "Google|の|ジョン|・|スミス|2|人"],
    ["ｶﾀｶﾅがか\u3099", "ｶﾀｶﾅ|が|か\u3099"],
    ["นายสมชายเดินทางไปGoogle", "นาย|สมชาย|เดิน|ทาง|ไป|Google"],
    ["๑,๐๐๐ปี๒๕๖๓", "๑,๐๐๐|ปี|๒๕๖๓"],
    ["ສະບາຍດີຊາວໂລກ", "ສະບາຍດີ|ຊາວ|ໂລກ"],
    ["ជំរាបសួរពិភពលោក។", "ជំរាប|សួរ|ពិភពលោក|។"],
    ["မင်္ဂလာပါကမ္ဘာလောက", "မင်္ဂလာ|ပါ|ကမ္ဘာ|လောက"],
    // U+200B says where words end.
    ["กรุง\u200bเทพ\u200b \u200bภ\u200bGoogle", "กรุง|เทพ|ภ|Google"],
    ["ភ្នំ\u200bពេញ", "ភ្នំ|ពេញ"],
  ];
  for (const [text, expected] of cases) assertEquals(words(text), expected, text);
});

Deno.test("splitWords() keeps characters without width in the word that they stand in or beside", () => {
  const cases: [string, string][] = [
    ["Neur\u00adIPS Py\u200bTorch", "Neur\u00adIPS|Py\u200bTorch"],
    ["Hinton\u200b and\u2060, \u200bYann", "Hinton\u200b|and\u2060|,|\u200bYann"],
    ["\u2066Omar\u2069 \u202bab\u202c", "\u2066Omar\u2069|\u202bab\u202c"],
    ["Germany\u00ad's do\u200bn't", "Germany\u00ad|'s|do\u200b|n't"],
    ["U\u200b.S. Mr.\u200b Smith", "U\u200b.S.|Mr.\u200b|Smith"],
    ["1\u200b,000 e\u00ad-mail x\u00ad@y.org", "1\u200b,000|e\u00ad-mail|x\u00ad@y.org"],
    ["می\u200cخواهم ক\u200dষ", "می\u200cخواهم|ক\u200dষ"],
    ["👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3", "👩\u200d👧|❤\ufe0f|1\ufe0f\u20e3"],
    ["🏴\u{e0067}\u{e007f} 🇩🇪🇫🇷", "🏴\u{e0067}\u{e007f}|🇩🇪|🇫🇷"],
    ["京\u200b\u200ba \u3164 トヨ\u00adタ", "京\u200b\u200b|a|トヨ\u00adタ"],
    // Alone they are no word; a byte order mark is in none.
    ["\u200b", ""],
    ["a \u200b\u00ad \ufeff b \u2060", "a|b"],
    ["\ufeffEU \ufeff\u200bx a\ufeffb", "EU|\u200bx|a\ufeffb"],
  ];
  for (const [text, expected] of cases) assertEquals(words(text), expected, JSON.stringify(text));
});

Deno.test("splitWords() takes white space and control characters of any kind between words", () => {
  const spaces = "\t\n\v\f\r\x85\xa0\u1680\u2003\u2028\u2029\u202f\u205f\u3000\0\x02\x1b\x1f\x7f\x9f";
  for (const space of spaces) {
    const text = `ab${space}cd${space}${space}\u200b${space}e${space}`;
    assertEquals(words(text), "ab|cd|e", JSON.stringify(space));
  }
});

const ALPHABET = [..."aB1.,'’-&/$% \n京é👍:UトฟはกภကລDั한·@_#א๑"].concat(
  ["\u0301", "\ud800", "\udc00", "\ufe0f", "\u200b", "\u200b", "\u200c", "\u200d", "\u00ad", "\ufeff"],
  ["\u2066", "\u0002", "\x85", "\u3164", "\u{e0067}", "🇩", "🇪", "\u2028", "\u{1f3fd}", "\u{20000}"],
  ["http://", "n't", "Mr.", "Fig. "],
);

Deno.test("splitWords() and splitSentences() put each visible character into one part, in place, and nothing alone", () => {
  const random = createRandom(7);
  for (let round = 0; round < 1000; round++) {
    let text = "";
    for (let i = 0; i < 20; i++) {
      text += random.integer(3) > 0
        ? ALPHABET[random.integer(ALPHABET.length)]
        : String.fromCodePoint(random.integer([0x100, 0x3100, 0x10000, 0x110000][random.integer(4)]!));
    }
    const shown = JSON.stringify(text);
    const [parts, lines, paragraphs] = [
      splitWords(text),
      splitSentences(text),
      splitSentences(text, { paragraphs: true }),
    ];
    for (const found of [parts, lines, paragraphs]) {
      let at = 0;
      for (const part of found) {
        assert(part.start >= at && visible(part.text) !== "" && !part.text.startsWith("\ufeff"), shown);
        assertEquals(visible(text.slice(at, part.start)), "", shown);
        assertEquals(part.text, text.slice(part.start, part.end), shown);
        at = part.end;
      }
      assertEquals(visible(text.slice(at)), "", shown);
    }
    for (const word of parts) assert(!/[\p{White_Space}\p{Cc}]/u.test(word.text), shown);
  }
});

Deno.test("splitWords() and splitSentences() go through a long run of one kind once", () => {
  const n = 300_000;
  assertEquals(splitWords("+".repeat(n)).length, n);
  assertEquals(splitWords("a+".repeat(n)).length, 2 * n);
  assertEquals(splitSentences("a.".repeat(n) + " B").length, 1);
  assertEquals(words(`${"a".repeat(64)}@b.c`), `${"a".repeat(64)}@b.c`);
  const ofWords = ["a\u200b", "\u200bก ", "กั", "は", "京a", "1,", "a.", "http://"];
  for (const kind of ofWords) {
    const text = kind.repeat(n / 15);
    assertEquals(visible(splitWords(text).map(({ text }) => text).join("")), visible(text), kind);
  }
  const ofSentences = ["\n ", "\r\n\u200b", "\n\n \u2028", "U.S. ", "U.S.\n", "\u200b."];
  for (const kind of ofSentences) {
    const text = `${kind.repeat(n / 15)}x`;
    for (const paragraphs of [false, true]) {
      assertEquals(visible(sentences(text, paragraphs).join("")), visible(text), JSON.stringify(kind));
    }
  }
});

Deno.test("splitSentences() ends sentences at stops and line ends, not after titles, initials and abbreviations", () => {
  assertEquals(sentences("Dr. Smith met J. Smith. He left the U.S. in May. Then?  Yes!"), [
    "Dr. Smith met J. Smith.",
    "He left the U.S. in May.",
    "Then?",
    "Yes!",
  ]);
  assertEquals(sentences("Title\nThe U.S.\nNext line\r\n\r\n last "), [
    "Title",
    "The U.S.",
    "Next line",
    "last",
  ]);
  assertEquals(sentences(" \n "), []);
});

Deno.test("splitSentences() says where each sentence stands", () => {
  const text = "  One 👍.  Two. \n\nThree";
  for (const { text: sentence, start, end } of splitSentences(text)) {
    assertEquals(text.slice(start, end), sentence);
  }
  assertEquals(splitSentences(text).map(({ start }) => start), [2, 11, 18]);
});

Deno.test("splitSentences() ends no sentence after an abbreviation unless what follows begins one", () => {
  const whole = [
    "See Fig. 3, Figs. 4, Sec. II, Sec. 2, Eq. (4), eq. 5, Ref. [7], App. B2, Vol. 2, No. 5, Ch. 1 and pp. 3-5 of it.",
    "Born on Jan. 5, 1990, Sept. 3 or Dec. 24 at 5 p.m. GMT.",
    "Models (e.g. BERT, i.e. Transformers) vs. Humans, cf. Smith et al. 2019 or Smith et al. (2020).",
    "It took approx. 5 days, approx. Monday, resp. Tuesday.",
    "Acme Inc. President Ann Lee and Acme Corp. Chairman J. R. Smith Jr. Met.",
    "Prof. He and Dr. Who met K. He et al. and K. He, X. Zhang.",
    "The U.S. Army and Smith et al. Nature won.",
    "Dr.\u200b Smith left.",
    "他在U.S. Army和Mr. Smith。",
  ];
  for (const text of whole) assertEquals(sentences(text), [text]);
  const ends: [string, string][] = [
    ["It follows Smith et al.", "The results hold."],
    ["He worked at Acme Inc.", "In 1990 he left."],
    ["It was 5 p.m.", "He left."],
    ["They left the U.S.", "However, they came back."],
    ["He took vitamin C.", "“It helped.”"],
    ["It happened in Jan.", "The war ended."],
    ["Then he said no.", "Ann left."],
    ["He saw cats, dogs, etc.", "Dogs bark."],
  ];
  for (const [first, second] of ends) assertEquals(sentences(`${first} ${second}`), [first, second]);
  assertEquals(sentences("这是一。那是二。"), ["这是一。", "那是二。"]);
});

Deno.test("splitSentences() ends sentences at any line end, in paragraphs at blank lines only", () => {
  for (const end of ["\n", "\r\n", "\r", "\x85", "\u2028"]) {
    const text =
      `The Bank of New${end}York rose. It${end}\tfell.${end}${end}A title${end} \f\u200b${end}End of Dr.${end}Lee`;
    assertEquals(
      sentences(text),
      ["The Bank of New", "York rose.", "It", "fell.", "A title", "End of Dr.", "Lee"],
      JSON.stringify(end),
    );
    assertEquals(
      sentences(text, true),
      [`The Bank of New${end}York rose.`, `It${end}\tfell.`, "A title", `End of Dr.${end}Lee`],
      JSON.stringify(end),
    );
  }
  assertEquals(sentences("a\u2029b", true), ["a", "b"]);
  assertEquals(sentences("end of\n\fpage\fhere", true), ["end of\n\fpage\fhere"]);
  assertEquals(sentences("end of\n\fpage\fhere"), ["end of", "page\fhere"]);
  const odd = "One.\x1b\0Two \ufeff\u200b.\n\u200b \u2060\n\ufeff \ufeffx";
  assertEquals(sentences(odd), ["One.", "Two \ufeff\u200b.", "x"]);
});
