import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { marked } from "npm:marked@16.4.0";
// @ts-types="npm:@types/d3-dsv@3.0.7"
import { csvParseRows } from "npm:d3-dsv@3.0.2";
import { footnotes, type Table, toCsv, toLatex, toMarkdown } from "../../../tasks/report/table.ts";
import { printable } from "../../../data/text/printable.ts";
import { openPage } from "./open_page.ts";

const TABLE: Table = {
  name: "table_2",
  caption: "F1 in %",
  header: ["system", "ai", "a_b"],
  nRowHeaders: 1,
  rows: [
    [
      { text: "laner" },
      { text: "56.81 ± 0.83", value: 56.8125, parts: { std: 0.825, seeds: 3 }, strong: true },
      { text: "" },
    ],
    [
      { text: "laner, paper", muted: true },
      { text: "61.72 (−4.91)", value: 61.72, parts: { difference: -4.9075 }, note: "as printed" },
      { text: "–", note: "as printed" },
    ],
  ],
  notes: ["two seeds | three"],
};

const HOSTILE = 'a|b "c", d & 50% x_y <script>alert(1)</script> \\ {e} $f$ #g ^h ~i *j* `k` [l](m)\nn--o';

/** A table whose every text is the same. */
function tableOf(text: string): Table {
  const cell = { text, note: text };
  return {
    name: text,
    caption: text,
    header: [text, text],
    nRowHeaders: 1,
    rows: [[cell, cell]],
    notes: [text],
  };
}

Deno.test("toMarkdown() aligns columns, makes the best bold and lists notes once", () => {
  assertEquals(
    toMarkdown(TABLE),
    [
      "**F1 in %**",
      "",
      "| system       |                        ai |          a\\_b |",
      "| :----------- | ------------------------: | ------------: |",
      "| laner        |          **56.81 ± 0.83** |               |",
      "| laner, paper | 61.72 (−4.91)<sup>a</sup> | –<sup>a</sup> |",
      "",
      "- two seeds \\| three",
      "- a: as printed",
      "",
    ].join("\n"),
  );
});

Deno.test("toCsv() writes numbers in full and their parts in columns of their own", () => {
  assertEquals(
    toCsv(TABLE),
    "system,ai,ai std,ai seeds,ai difference,a_b\n" +
      "laner,56.8125,0.825,3,,\n" +
      '"laner, paper",61.72,,,-4.9075,–\n',
  );
});

Deno.test("toLatex() writes a booktabs table", () => {
  assertEquals(
    toLatex(TABLE),
    String.raw`% Needs \usepackage{booktabs}
\begin{table}
  \centering
  \caption{F1 in \%}
  \label{tab:table_2}
  \begin{tabular}{lrr}
    \toprule
    system & ai & a\_b \\
    \midrule
    laner & \textbf{56.81 $\pm$ 0.83} &  \\
    laner, paper & 61.72 ($-$4.91)\textsuperscript{a} & --\textsuperscript{a} \\
    \bottomrule
  \end{tabular}
  \par\smallskip\footnotesize two seeds \textbar{} three
  \par\smallskip\footnotesize a: as printed
\end{table}
`,
  );
});

Deno.test("toMarkdown() escapes what Markdown or HTML would read", () => {
  const markdown = toMarkdown(tableOf(HOSTILE));
  const escaped =
    'a\\|b "c", d &amp; 50% x\\_y &lt;script&gt;alert(1)&lt;/script&gt; \\\\ {e} $f$ #g ^h \\~i ' +
    "\\*j\\* \\`k\\` \\[l\\](m) n--o";
  // Caption, two headings, two cells, one note of the table's own and one of the cells.
  assertEquals(markdown.split(escaped).length - 1, 7);
  assert(!markdown.includes("<script>"));
  // Four lines of the table itself, each with its three bars.
  const lines = markdown.split("\n").filter((line) => line.startsWith("|"));
  assertEquals(lines.map((line) => line.replaceAll("\\|", "").split("|").length), [4, 4, 4]);
});

Deno.test("toMarkdown() does not let a note begin a list or a heading", () => {
  const notes = ["- a", "+ b", "# c", "1. d", "2) e", "-1.5 points", "1.5 points"];
  const lines = toMarkdown({ ...TABLE, rows: [], notes }).trimEnd().split("\n").slice(-7);
  assertEquals(lines, [
    "- \\- a",
    "- \\+ b",
    "- \\# c",
    "- 1\\. d",
    "- 2\\) e",
    "- -1.5 points",
    "- 1.5 points",
  ]);
});

Deno.test("toCsv() quotes commas, quotes and line ends so that they read back", () => {
  const csv = toCsv(tableOf(HOSTILE));
  const field = `"${HOSTILE.replaceAll('"', '""')}"`;
  assertEquals(csv, `${field},${field}\n${field},${field}\n`);
});

Deno.test("toCsv() keeps text from being computed by a spreadsheet, and numbers numbers", () => {
  const texts = ["=1+1", "+cmd", "-a", "@SUM(A1)", "\t=1", " =1", "-1.5", "+2", "a=1", "", "−1"];
  const rows = texts.map((text) => [{ text }, { text, value: -1.5 }]);
  const csv = toCsv({ ...TABLE, header: ["=x", "y"], rows });
  assertEquals(csv.split("\n").map((line) => line.split(",")[0]), [
    ...["'=x", "'=1+1", "'+cmd", "'-a", "'@SUM(A1)", "'\t=1", "' =1", "-1.5", "+2", "a=1", "", "−1", ""],
  ]);
  assertEquals(csv.split("\n").slice(1, -1).map((line) => line.split(",")[1]), texts.map(() => "-1.5"));
});

Deno.test("toCsv() makes text of what only a spreadsheet takes for a formula, and writes out what is not seen", () => {
  const unseen = [
    "\u200b",
    "\ufeff",
    "\u202e",
    "\u2066",
    "\u0007",
    "\x1b",
    "\x85",
    "\u00a0",
    "\u3000",
    "\u00ad",
  ];
  unseen.push(
    "\u2060",
    "\u061c",
    "\u180e",
    "\u3164",
    "\ufe0f",
    "\u{e0041}",
    "\u2028",
    "\u200d",
    "\t\n",
    " \u200b ",
  );
  const formulas = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫"].map((sign) =>
    `${sign}SUM(A1)`
  );
  const hidden = unseen.flatMap((prefix) => [`${prefix}=1+1`, `${prefix}＠x`, `${prefix}-1`, `${prefix}+1`]);
  const texts = [...formulas, ...hidden, "－1", "-1.2.3"];
  const cells = csvParseRows(
    toCsv({ ...TABLE, header: texts, rows: [texts.map((text) => ({ text }))], notes: [] }),
  );
  assertEquals(cells, [0, 1].map(() => texts.map((text) => `'${printable(text)}`)));
  const numbers = ["-1.5", "+2", "-1e-5", "-.5", "−1", "1-2", "a＝1", "\u200ba", "5 = 5"];
  const kept = csvParseRows(toCsv({ ...TABLE, rows: numbers.map((text) => [{ text }, { text }, { text }]) }));
  assertEquals(kept.slice(1).map(([cell]) => cell), numbers.map(printable));
});

Deno.test("toMarkdown() leaves addresses text, whatever takes them for links", () => {
  const texts = [
    ...[
      "https://evil.example/a_b?x=1&y=2",
      "(HTTP://x.org)",
      "www.evil.example",
      "WWW.x.org/p",
      "_www.x.org_",
    ],
    ...[
      "a@b.org",
      "mailto:a@b.org",
      "xmpp:a@b.org/c",
      "ftp://x.org",
      "http://a@b.org",
      "see https://x.org.",
      "a+b_c@x-y.org",
    ],
    ...[
      "<https://x.org>",
      "<a@b.org>",
      "[a](https://x.org)",
      "![a](https://x.org/y.png)",
      "[x]: https://x.org",
      "@SUM(A1)",
    ],
    ...["`@`@@b.c", "x`://y", "\\https://x.org", "https\\://x.org", "www.a.b@c.d", "://@://@"],
  ];
  for (const text of texts) {
    const html = marked.parse(toMarkdown(tableOf(text)), { async: false });
    assert(!/<(a|img)\b/.test(html), html);
    const { document } = openPage(html);
    const shown = [...document.querySelectorAll("p, th, td, li")].map(({ textContent }) =>
      textContent!.trim()
    );
    // Caption, two headings, two cells and a note; a cell and a note have the mark of a footnote, too.
    assertEquals(shown, [text, text, text, `${text}a`, `${text}a`, text, `a: ${text}`]);
  }
});

Deno.test("toMarkdown(), toCsv() and toLatex() write out what is not seen, or turns the text around it", () => {
  const table = tableOf("a\u202eb\x1b[2Jc\u200bd\u2066e\u0000f\u{e0041}g\ufeffh\u2028i");
  const shown = "a\\u202eb\\u001b[2Jc\\u200bd\\u2066e\\u0000f\\udb40\\udc41g\\ufeffh\\u2028i";
  const html = marked.parse(toMarkdown(table), { async: false });
  assertEquals(html.split(shown).length - 1, 7);
  assertEquals(toCsv(table), `${shown},${shown}\n${shown},${shown}\n`);
  const latex = shown.replaceAll("\\", "\\textbackslash{}").replace("[", "{[}");
  assertEquals(toLatex(table).split(latex).length - 1, 7);
  // What joins letters or turns no text is text.
  const joined = "می\u200cخواهم 👩\u200d🔬";
  assertStringIncludes(toCsv(tableOf(joined)), joined);
});

Deno.test("toLatex() escapes every special character", () => {
  const latex = toLatex(tableOf(HOSTILE));
  const escaped = String
    .raw`a\textbar{}b \symbol{34}c\symbol{34}, d \& 50\% x\_y \textless{}script\textgreater{}alert(1)` +
    String.raw`\textless{}/script\textgreater{} \textbackslash{} \{e\} \$f\$ \#g \textasciicircum{}h ` +
    String.raw`\textasciitilde{}i {*}j{*} \textasciigrave{}k\textasciigrave{} {[}l](m) n-{}-o`;
  assertEquals(latex.split(escaped).length - 1, 7);
  assertStringIncludes(latex, `\\label{tab:${HOSTILE.replace(/[^\w-]/g, "-")}}`);
});

Deno.test("toMarkdown(), toCsv() and toLatex() write a table without rows", () => {
  const empty = { ...TABLE, rows: [], notes: [] };
  assertEquals(toMarkdown(empty).split("\n").length, 5);
  assertEquals(toCsv(empty), "system,ai,a_b\n");
  assertStringIncludes(toLatex(empty), "\\midrule\n    \\bottomrule");
});

Deno.test("footnotes() goes on with two letters after z", () => {
  const rows = Array.from({ length: 28 }, (_, i) => [{ text: "x", note: `note ${i}` }]);
  const { marks } = footnotes({ ...TABLE, rows });
  assertEquals([...marks.values()].slice(24), ["y", "z", "aa", "ab"]);
});
