import { assert, assertEquals } from "@std/assert";
import { type ErrorKind, matchTags } from "../../../../data/scores/entity_errors.ts";
import { errorDifferences } from "../../../../data/scores/error_classes.ts";
import { renderReport } from "../../../../tasks/report/page.tsx";
import type { ScoredSentence } from "../../../../tasks/report/report_data.ts";
import { reportSections } from "../../../../tasks/report/sections.ts";
import { HOSTILE_WORDS, makeReportData } from "../make_report_data.ts";
import { openPage } from "../open_page.ts";

const data = makeReportData();
const html = await renderReport(data, await reportSections(data, { nResamples: 10 }));
const ALL = { seenForms: new Set<string>(), sharedTypes: new Set<string>() };

/** The error browser with its scripts running. */
function openBrowser() {
  const { document, window, errors } = openPage(html, { scripts: true });
  const element = (name: string) => document.getElementById(`browser-${name}`)!;
  const select = (name: string) => element(name) as HTMLSelectElement;
  const choices = (name: string) => [...select(name).options].map(({ textContent }) => textContent!);
  /** Sets a choice by its text, as a person does. */
  const choose = (wanted: Record<string, string>) => {
    for (const [name, text] of Object.entries(wanted)) {
      const input = element(name) as HTMLSelectElement | HTMLInputElement;
      if ("options" in input) {
        const option = [...input.options].find(({ textContent }) => textContent === text);
        assert(option && !option.disabled, `${name} has no "${text}", there are ${choices(name)}`);
        input.value = option.value;
      } else input.value = text;
      input.dispatchEvent(new window.Event("input", { bubbles: true }));
    }
    assertEquals(errors, []);
  };
  const items = () => [...element("sentences").children] as HTMLLIElement[];
  /** Numbers of all sentences found, from all pages, with the number of errors that the status line names. */
  const found = () => {
    const sentences = items().map(({ value }) => value);
    const next = element("next") as HTMLButtonElement;
    while (!next.disabled) {
      next.click();
      sentences.push(...items().map(({ value }) => value));
    }
    const [, n, of, nErrors] = /^(\d+) of (\d+) sentences, (\d+) errors/.exec(
      element("status").textContent!,
    )!;
    assertEquals([sentences.length, data.dataSets[0]!.splits.train.nSentences], [Number(n), Number(of)]);
    return { sentences, nErrors: Number(nErrors) };
  };
  return { document, element, select, choices, choose, items, found, errors };
}

function sentencesOf(
  system: string,
  { adapt = false, seed = 555, target = "ai", experiment = "table_3" } = {},
) {
  const { runs } = data.experiments.find(({ name }) => name === experiment)!;
  const run = runs.find((run) =>
    run.system === system && run.adapt === adapt && run.seed === seed && run.target === target
  );
  return run!.result!.test;
}

/** What should be found: sentences with an error that passes, by looking at their tags. */
function expected(
  sentences: readonly ScoredSentence[],
  passes: (kind: ErrorKind, types: (string | undefined)[], sentence: ScoredSentence) => boolean,
) {
  const counts = sentences.map((sentence) =>
    matchTags(sentence).filter(({ kind, gold, predicted }) =>
      kind !== "correct" && passes(kind, [gold?.entityType, predicted?.entityType], sentence)
    ).length
  );
  return {
    sentences: counts.flatMap((n, i) => n > 0 ? [i + 1] : []),
    nErrors: counts.reduce((sum, n) => sum + n, 0),
  };
}

Deno.test("the error browser begins with the errors of the first system, and works without a fault", () => {
  const browser = openBrowser();
  assertEquals(browser.errors, []);
  assertEquals((browser.element("form") as HTMLFormElement).hidden, false);
  assertEquals(browser.choices("target"), ["ai", "politics"]);
  assertEquals(browser.choices("seed"), ["555", "666", "777"]);
  assertEquals(browser.choices("a").filter((name) => name === "laner").length, 2, "of both experiments");
  assertEquals(browser.choices("b").length, browser.choices("a").length, "without A, and with none");
  assertEquals(browser.found(), expected(sentencesOf("bert-tagger"), () => true));
});

Deno.test("the error browser filters by kind, type and text", () => {
  const browser = openBrowser();
  const sentences = sentencesOf("laner", { adapt: true, seed: 777 });
  browser.choose({ a: "laner + DAPT", seed: "777" });
  for (const kind of ["boundary", "type", "boundary and type", "missed", "spurious"]) {
    browser.choose({ kind });
    const wanted = expected(sentences, (one) => one === kind);
    assert(wanted.nErrors > 0);
    assertEquals(browser.found(), wanted);
  }
  browser.choose({ kind: "type", type: "person" });
  const wanted = expected(sentences, (kind, types) => kind === "type" && types.includes("person"));
  assert(wanted.nErrors > 0);
  assertEquals(browser.found(), wanted);
  browser.choose({ kind: "any", type: "any", text: "  </SCRIPT>" });
  assertEquals(
    browser.found(),
    expected(sentences, (_kind, _types, { words }) => words.join(" ").includes("</script>")),
  );
  browser.choose({ text: "donaudampf" });
  assert(browser.found().sentences.length > 0, "letters in capitals or not");
  browser.choose({ text: "no such words" });
  assertEquals(browser.found(), { sentences: [], nErrors: 0 });
});

Deno.test("the error browser finds what one system gets wrong and the other does not", () => {
  const browser = openBrowser();
  browser.choose({ a: "laner", b: "bert-tagger", seed: "666" });
  const [a, b] = ["laner", "bert-tagger"].map((system) => sentencesOf(system, { seed: 666 }));
  const { onlyFirst, onlySecond } = errorDifferences(a!, b!, ALL);
  for (
    const [show, { places }] of [["A wrong, B right", onlyFirst], ["B wrong, A right", onlySecond]] as const
  ) {
    browser.choose({ show });
    const sentences = [...new Set(places.map(({ sentence }) => sentence + 1))];
    assert(places.length > 5);
    assertEquals(browser.found(), { sentences, nErrors: places.length });
  }
  browser.choose({ kind: "spurious" });
  const spurious = onlySecond.places.filter(({ kind }) => kind === "spurious");
  assert(spurious.length > 0);
  assertEquals(browser.found().nErrors, spurious.length);
  // Without a second system there is nothing to compare with.
  browser.choose({ kind: "any", b: "none" });
  assertEquals(browser.select("show").value, "a");
  assertEquals(browser.found(), expected(a!, () => true));
});

Deno.test("the error browser shows all sentences with their words, whatever they are", () => {
  const browser = openBrowser();
  browser.choose({ show: "all sentences" });
  assertEquals(browser.items().length, 20);
  assertEquals(browser.found().sentences, data.experiments[2]!.runs[0]!.result!.test.map((_, i) => i + 1));
  const texts: string[] = [];
  const sentences = sentencesOf("bert-tagger");
  (browser.element("previous") as HTMLButtonElement).click();
  assertEquals(browser.element("page").textContent, "Page 1 of 2");
  for (const item of browser.items()) {
    const words = item.querySelector(".words")!.cloneNode(true) as Element;
    words.querySelectorAll(".mark").forEach((mark) => mark.remove());
    texts.push(words.textContent!.trim());
    assertEquals((item.querySelector(".words") as HTMLElement).dir, "auto");
  }
  assertEquals(texts, sentences.slice(0, 20).map(({ words }) => words.join(" ")));
  for (const word of HOSTILE_WORDS) assert(texts.some((text) => text.includes(word)), word);
  assertEquals(browser.element("sentences").querySelectorAll("script, img").length, 0);
});

Deno.test("the error browser marks gold and predicted entities, and names every error in words", () => {
  const browser = openBrowser();
  browser.choose({ a: "laner", b: "bert-tagger" });
  const texts = new Set<string>();
  for (const item of browser.items()) {
    const sentence = sentencesOf("laner")[item.value - 1]!;
    const other = sentencesOf("bert-tagger")[item.value - 1]!;
    const marks = [...item.querySelectorAll(".mark.starts")].map((mark) => mark.textContent!);
    const gold = matchTags(sentence).flatMap(({ gold }) => gold ? [gold.entityType] : []);
    const goldMarks = [...item.querySelectorAll(".mark.gold.starts")].map((mark) => mark.textContent!);
    assertEquals(goldMarks, gold);
    for (const [letter, { words, ...tags }] of [["A", sentence], ["B", other]] as const) {
      const matches = matchTags(tags);
      const wrong = matches.filter(({ kind }) => kind !== "correct");
      const place = (kind: string) => marks.filter((mark) => mark === `${letter} ${kind}`).length;
      assertEquals(place("✓"), matches.length - wrong.length);
      const missed = wrong.filter(({ kind, gold }) =>
        kind === "missed" &&
        !wrong.some(({ predicted }) =>
          predicted && predicted.start < gold!.end && gold!.start < predicted.end
        )
      );
      assertEquals(place("missed"), missed.length);
      for (const { predicted } of wrong) {
        if (predicted) assert(place(predicted.entityType) > 0, `${letter} ${predicted.entityType}`);
      }
      const named = wrong.map(({ kind, gold, predicted }) => {
        const [from, to] = [gold, predicted].map((span) =>
          span && `${words.slice(span.start, span.end).join(" ")} (${span.entityType})`
        );
        return `${letter} ${kind}: ${[from, to].filter((part) => part !== null).join(" taken for ")}`;
      });
      const items = [...item.querySelectorAll(".errors li")].map((error) => error.textContent!);
      assertEquals(items.filter((text) => text.startsWith(letter)), named);
      named.forEach((text) => texts.add(text.split(":")[0]!));
    }
  }
  assert(texts.size > 6, "both systems, and most kinds of errors");
});

Deno.test("the error browser keeps systems and types by name when the target is another", () => {
  const browser = openBrowser();
  browser.choose({ a: "laner + DAPT", b: "bert-tagger", type: "task", seed: "777" });
  browser.choose({ target: "politics" });
  const chosen = ["a", "b", "type", "seed"].map((name) =>
    browser.select(name).selectedOptions[0]!.textContent
  );
  assertEquals(chosen, ["laner + DAPT", "bert-tagger", "task", "777"]);
  const sentences = sentencesOf("laner", { adapt: true, target: "politics", seed: 777 });
  assertEquals(browser.found(), expected(sentences, (_, types) => types.includes("task")));
});

Deno.test("the error browser offers the seeds that both systems have", () => {
  const browser = openBrowser();
  browser.choose({ a: "laner", seed: "777", b: "laner-without-label-background" });
  assertEquals(browser.choices("seed"), ["555", "666"]);
  assertEquals(browser.select("seed").value, "555");
  assertEquals(browser.found(), expected(sentencesOf("laner"), () => true));
});

Deno.test("the contents fold on a narrow screen, and when something was chosen", () => {
  const { document } = openPage(html, { scripts: true, narrow: true });
  const contents = document.querySelector<HTMLDetailsElement>("details.contents")!;
  assertEquals(contents.open, false);
  contents.open = true;
  contents.querySelector("a")!.click();
  assertEquals(contents.open, false);
  const wide = openPage(html, { scripts: true }).document.querySelector<HTMLDetailsElement>(
    "details.contents",
  )!;
  wide.querySelector("a")!.click();
  assertEquals(wide.open, true);
});

Deno.test("printing opens what is folded, and folds it again afterwards", () => {
  const { document, window } = openPage(html, { scripts: true });
  const open = () => [...document.querySelectorAll("details")].map(({ open }) => open);
  const before = open();
  assert(before.includes(false) && before.includes(true));
  window.dispatchEvent(new window.Event("beforeprint"));
  assert(!open().includes(false));
  window.dispatchEvent(new window.Event("afterprint"));
  assertEquals(open(), before);
});
