// The error browser: chooses sentences by target, systems, seed and kind of error, and draws them in pages.
// @ts-check
/**
 * @typedef {import("../sections/error_browser_data.ts").BrowserTarget} Target
 * @typedef {import("../sections/error_browser_data.ts").BrowserRun} Run
 * @typedef {import("../sections/error_browser_data.ts").BrowserError} BrowserError
 * @typedef {import("../sections/error_browser_data.ts").ErrorBrowserData} Data
 * @typedef {{ letter: string, run: Run }} Shown a system with the letter that it has on the page
 * @typedef {{ start: number, end: number, type: number | null, text: string, state: string }} Mark
 */
(() => {
  const PAGE_LENGTH = 20;
  /** @type {Record<string, string>} */
  const ERRORS = {
    "a": "errors of A",
    "all": "errors of A",
    "only-a": "errors of A that B does not make",
    "only-b": "errors of B that A does not make",
  };
  const source = document.getElementById("browser-data");
  if (source === null) return;
  // Escapes invisible characters in names, and those that reverse the text around them, like the function of the same
  // name that writes the rest of the page; words are shown unchanged.
  const UNSEEN =
    // deno-lint-ignore no-control-regex
    /[\0-\x1f\x7f-\x9f\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}\u180e\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
  /** @param {string} character */
  const escaped = (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join("");
  /** @param {string} name */
  const printable = (name) => name.replace(UNSEEN, escaped);
  /** @type {Data} */
  const data = JSON.parse(source.textContent ?? "");
  for (const target of data.targets) {
    target.name = printable(target.name);
    target.types = target.types.map(printable);
    for (const run of target.runs) {
      run.group = printable(run.group);
      run.system = printable(run.system);
    }
  }

  /**
   * Returns an element of a list by an index that is in range.
   *
   * @template T
   * @param {readonly T[]} list
   * @param {number} i
   */
  const at = (list, i) => /** @type {T} */ (list[i]);

  /** @param {string} name */
  const byName = (name) => /** @type {HTMLElement} */ (document.getElementById(`browser-${name}`));
  /** @param {string} name */
  const selectOf = (name) => /** @type {HTMLSelectElement} */ (byName(name));
  const targets = selectOf("target");
  const systemsA = selectOf("a");
  const systemsB = selectOf("b");
  const seeds = selectOf("seed");
  const show = selectOf("show");
  const kinds = selectOf("kind");
  const types = selectOf("type");
  const text = /** @type {HTMLInputElement} */ (byName("text"));
  const form = byName("form");
  const status = byName("status");
  const list = byName("sentences");
  const pages = byName("pages");
  const pageText = byName("page");
  const previous = /** @type {HTMLButtonElement} */ (byName("previous"));
  const next = /** @type {HTMLButtonElement} */ (byName("next"));

  /**
   * Makes an element; text is always set as text, never read as HTML.
   *
   * @param {string} name
   * @param {string} className
   * @param {...(Node | string)} children
   */
  function make(name, className, ...children) {
    const element = document.createElement(name);
    if (className !== "") element.className = className;
    element.append(...children);
    return element;
  }

  // --- Choices -----------------------------------------------------------------------------------------------

  /**
   * Fills a select and keeps its choice if it is still there.
   *
   * @param {HTMLSelectElement} select
   * @param {{ value: string, text: string, group?: string }[]} choices
   */
  function fill(select, choices) {
    const chosen = select.selectedOptions[0];
    const groups = new Set(choices.map(({ group }) => group));
    const options = [...groups].flatMap((group) => {
      const members = choices.filter((choice) => choice.group === group).map(({ value, text }) => {
        const option = document.createElement("option");
        option.value = value;
        option.textContent = text;
        return option;
      });
      if (groups.size === 1 || group === undefined) return members;
      const parent = document.createElement("optgroup");
      parent.label = group;
      parent.append(...members);
      return [parent];
    });
    select.replaceChildren(...options);
    // The same choice, or one of the same name: on another target, a system may be in another group.
    const kept = choices.find(({ value }) => value === chosen?.value) ??
      choices.find(({ text }) => text === chosen?.textContent) ?? choices[0];
    select.value = kept?.value ?? "";
  }

  const target = () => at(data.targets, Number(targets.value));

  /** @param {number} sentence */
  const sentenceAt = (sentence) => at(target().sentences, sentence);

  /** Returns the value that stands for the system of a run. @param {Run} run */
  const systemOf = ({ group, system }) => JSON.stringify([group, system]);

  /** Lists every system of the target once, though it has a run for each seed. */
  function systemChoices() {
    const systems = new Map(target().runs.map((run) => [systemOf(run), run]));
    return [...systems].map(([value, { group, system }]) => ({ value, text: system, group }));
  }

  /** @param {string} system @returns {Run | undefined} */
  const runOf = (system) =>
    target().runs.find((run) => systemOf(run) === system && String(run.seed) === seeds.value);

  /** Fills every select with the choices that the selects before it leave. */
  function updateChoices() {
    fill(targets, data.targets.map(({ name }, i) => ({ value: String(i), text: name })));
    const systems = systemChoices();
    fill(systemsA, systems);
    fill(systemsB, [{ value: "", text: "none" }, ...systems.filter(({ value }) => value !== systemsA.value)]);
    const chosen = [systemsA.value, systemsB.value].filter((value) => value !== "");
    /** @param {string} system */
    const seedsOf = (system) =>
      target().runs.filter((run) => systemOf(run) === system).map(({ seed }) => seed);
    const common = chosen.map(seedsOf).reduce((a, b) => a.filter((seed) => b.includes(seed)));
    fill(seeds, common.map((seed) => ({ value: String(seed), text: String(seed) })));
    fill(types, [
      { value: "", text: "any" },
      ...target().types.map((type) => ({ value: type, text: type })),
    ]);
    for (const option of show.options) {
      option.disabled = option.value.startsWith("only") && systemsB.value === "";
    }
    if (show.selectedOptions[0]?.disabled) show.value = "a";
  }

  // --- Filters -----------------------------------------------------------------------------------------------

  /**
   * Tells whether a run makes the same mistake or another one at the same place: for a gold entity, if it does not find
   * it; for a spurious one, if it predicts it too.
   *
   * @param {BrowserError} error
   * @param {BrowserError[]} others errors of the other run in the sentence
   */
  function isWrongToo([, gold, ...predicted], others) {
    if (gold >= 0) return others.some((other) => other[1] === gold);
    return others.some(([, , ...same]) => same.join() === predicted.join());
  }

  /**
   * Tells whether an error is of the chosen kind and about the chosen type.
   *
   * @param {BrowserError} error
   * @param {number} sentence
   */
  function isChosen([kind, gold, , , predictedType], sentence) {
    if (kinds.value !== "" && kinds.value !== String(kind)) return false;
    const goldType = gold < 0 ? undefined : at(sentenceAt(sentence)[1], gold)[2];
    return types.value === "" ||
      [goldType, predictedType].some((type) => type !== undefined && target().types[type] === types.value);
  }

  /**
   * Returns the errors of a sentence that match the choices.
   *
   * @param {number} sentence
   * @param {Run} a
   * @param {Run | undefined} b
   */
  function errorsFound(sentence, a, b) {
    const ofA = at(a.errors, sentence);
    const ofB = b?.errors[sentence] ?? [];
    const wanted = show.value === "only-b"
      ? ofB.filter((error) => !isWrongToo(error, ofA))
      : show.value === "only-a"
      ? ofA.filter((error) => !isWrongToo(error, ofB))
      : ofA;
    return wanted.filter((error) => isChosen(error, sentence));
  }

  /**
   * Returns the sentences to show, with the number of matching errors in each. If all sentences are shown, a chosen
   * kind or type of error must still occur.
   */
  function search() {
    const a = runOf(systemsA.value);
    const b = runOf(systemsB.value);
    const query = text.value.trim().toLowerCase();
    if (a === undefined) return { sentences: [], nErrors: 0 };
    const all = show.value === "all" && kinds.value === "" && types.value === "";
    const found = target().sentences.flatMap(([words], sentence) => {
      if (!words.join(" ").toLowerCase().includes(query)) return [];
      const errors = errorsFound(sentence, a, b);
      return all || errors.length > 0 ? [{ sentence, errors }] : [];
    });
    return {
      sentences: found.map(({ sentence }) => sentence),
      nErrors: found.reduce((sum, { errors }) => sum + errors.length, 0),
    };
  }

  // --- Drawing -----------------------------------------------------------------------------------------------

  /**
   * Returns a system's entities in a sentence as marks below its words.
   *
   * @param {Shown} shown
   * @param {number} sentence
   * @returns {Mark[]}
   */
  function marksOf({ letter, run }, sentence) {
    const [, gold] = sentenceAt(sentence);
    const errors = at(run.errors, sentence);
    const predicted = errors.flatMap(([, , start, end, type]) =>
      start === undefined || end === undefined || type === undefined
        ? []
        : [{ start, end, type, text: `${letter} ${target().types[type]}`, state: "wrong" }]
    );
    const right = gold.flatMap(([start, end, type], i) =>
      errors.some((error) => error[1] === i)
        ? []
        : [{ start, end, type, text: `${letter} ✓`, state: "right" }]
    );
    // A missed entity gets a mark of its own if the system predicts nothing that overlaps with it.
    const missed = errors.flatMap(([, i, start]) => {
      if (start !== undefined) return [];
      const [from, to] = at(gold, i);
      const isFree = !predicted.some((mark) => mark.start < to && from < mark.end);
      return isFree ? [{ start: from, end: to, type: null, text: `${letter} missed`, state: "missed" }] : [];
    });
    return [...right, ...predicted, ...missed];
  }

  /**
   * Draws words with rows of marks below them; the words between two ends of entities stay together.
   *
   * @param {readonly string[]} words
   * @param {Mark[][]} rows
   */
  function drawWords(words, rows) {
    const line = make("p", "words");
    // Text has a direction of its own, and does not affect the text around it.
    line.dir = "auto";
    const ends = new Set([0, words.length, ...rows.flat().flatMap(({ start, end }) => [start, end])]);
    const places = [...ends].sort((a, b) => a - b);
    places.slice(0, -1).forEach((start, i) => {
      const end = at(places, i + 1);
      const content = words.slice(start, end).join(" ") + " ";
      const marks = rows.map((row) => row.find((mark) => mark.start <= start && end <= mark.end));
      if (marks.every((mark) => mark === undefined)) return line.append(content);
      const piece = make("span", "piece", make("bdi", "", content));
      for (const mark of marks) piece.append(drawMark(mark, start, end));
      line.append(piece);
    });
    return line;
  }

  /** @param {Mark | undefined} mark @param {number} start @param {number} end */
  function drawMark(mark, start, end) {
    if (mark === undefined) return make("span", "mark none");
    const ends = `${mark.start === start ? " starts" : ""}${mark.end === end ? " ends" : ""}`;
    const element = make("span", `mark ${mark.state}${ends}`, mark.start === start ? mark.text : "\u00a0");
    if (mark.type !== null) element.classList.add(`type-${mark.type % 8}`);
    // The list below the sentence says it in words.
    element.setAttribute("aria-hidden", "true");
    return element;
  }

  /** @param {Shown} shown @param {number} sentence */
  function drawErrors({ letter, run }, sentence) {
    const [words, gold] = sentenceAt(sentence);
    /** @param {readonly number[]} span */
    const entity = ([start, end, type]) =>
      make(
        "span",
        "entity",
        make("bdi", "", words.slice(start, end).join(" ")),
        ` (${target().types[/** @type {number} */ (type)]})`,
      );
    return at(run.errors, sentence).map(([kind, i, ...predicted]) => {
      const item = make("li", "", `${letter} ${data.kinds[kind]}: `);
      if (i >= 0) item.append(entity(at(gold, i)));
      if (i >= 0 && predicted.length > 0) item.append(" taken for ");
      if (predicted.length > 0) item.append(entity(/** @type {number[]} */ (predicted)));
      return item;
    });
  }

  /** @param {number} sentence @param {Shown[]} systems */
  function drawSentence(sentence, systems) {
    const [words, gold] = sentenceAt(sentence);
    const goldMarks = gold.map(([start, end, type]) => ({
      start,
      end,
      type,
      text: at(target().types, type),
      state: "gold",
    }));
    const rows = [goldMarks, ...systems.map((shown) => marksOf(shown, sentence))];
    const errors = make("ul", "errors", ...systems.flatMap((shown) => drawErrors(shown, sentence)));
    const item = make("li", "", drawWords(words, rows), ...(errors.childElementCount > 0 ? [errors] : []));
    /** @type {HTMLLIElement} */ (item).value = sentence + 1;
    return item;
  }

  // --- Pages -------------------------------------------------------------------------------------------------

  let page = 0;

  function draw() {
    const { sentences, nErrors } = search();
    const nPages = Math.max(1, Math.ceil(sentences.length / PAGE_LENGTH));
    page = Math.min(page, nPages - 1);
    const a = runOf(systemsA.value);
    const b = runOf(systemsB.value);
    /** @type {Shown[]} */
    const systems = a === undefined ? [] : [{ letter: "A", run: a }, ...(b ? [{ letter: "B", run: b }] : [])];
    const first = page * PAGE_LENGTH;
    const shown = sentences.slice(first, first + PAGE_LENGTH);
    list.replaceChildren(...shown.map((sentence) => drawSentence(sentence, systems)));
    status.textContent = a === undefined
      ? "A and B have no seed in common."
      : `${sentences.length} of ${target().sentences.length} sentences, ${nErrors} ${ERRORS[show.value]}.`;
    pages.hidden = nPages === 1;
    pageText.textContent = `Page ${page + 1} of ${nPages}`;
    previous.disabled = page === 0;
    next.disabled = page === nPages - 1;
  }

  /** @param {number} step */
  function turn(step) {
    page += step;
    draw();
    // The next page is read from its beginning, by eye and by keyboard.
    status.focus();
    status.scrollIntoView({ block: "nearest" });
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    page = 0;
    updateChoices();
    draw();
  });
  previous.addEventListener("click", () => turn(-1));
  next.addEventListener("click", () => turn(1));

  updateChoices();
  draw();
  form.hidden = false;
  byName("legend").hidden = false;
})();
