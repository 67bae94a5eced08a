// The error browser: shows the sentences of the data that stands in the page, filtered by the form's fields.
"use strict";
(() => {
  const root = document.querySelector(".browser");
  if (!root) return;
  const data = JSON.parse(document.getElementById("sentences").textContent);
  const form = root.querySelector("form"), results = root.querySelector(".results");
  const status = root.querySelector(".status");
  const [previous, next] = root.querySelectorAll(".pages button");
  const field = (name) => form.elements.namedItem(name);
  const PAGE = 20;
  let page = 0;

  const element = (name, attributes, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const fill = (name, values, more = []) => {
    const select = field(name), before = select.value;
    select.replaceChildren(...more, ...values.map((value) => element("option", { value }, value)));
    if ([...select.options].some((option) => option.value === before)) select.value = before;
  };
  const none = (text) => [element("option", { value: "" }, text)];

  const target = () => data[field("target").value];
  const runOf = (name) => target().runs[`${field(name).value}/${field("seed").value}`];

  function fillFields() {
    const { types, systems, seeds } = target();
    fill("a", systems);
    fill("b", systems, none("none"));
    fill("seed", seeds);
    fill("type", types, none("any"));
  }

  // A sentence of a run is [spans, kinds]: spans are [start, end, type], kinds the names of its errors.
  function matches(i, a, b) {
    const { sentences } = target(), [words, gold] = sentences[i], [spans, kinds] = a[i];
    const kind = field("kind").value, type = field("type").value, only = field("only").value;
    const text = field("text").value.trim().toLowerCase();
    if (kind === "any" && kinds.length === 0) return false;
    if (kind === "none" && kinds.length > 0) return false;
    if (kind && kind !== "any" && kind !== "none" && !kinds.includes(kind)) return false;
    if (type && ![...gold, ...spans].some((span) => span[2] === type)) return false;
    if (text && !words.join(" ").toLowerCase().includes(text)) return false;
    if (b && only === "a-wrong" && !(kinds.length > 0 && b[i][1].length === 0)) return false;
    if (b && only === "b-wrong" && !(kinds.length === 0 && b[i][1].length > 0)) return false;
    if (b && only === "differ" && JSON.stringify(spans) === JSON.stringify(b[i][0])) return false;
    return true;
  }

  // Words with framed entities; those that the other list does not have are marked.
  function wordsOf(words, spans, others) {
    const { types } = target(), line = element("div", { class: "words", dir: "auto" });
    const known = new Set(others.map((span) => span.join()));
    let place = 0;
    for (const span of spans) {
      const [start, end, type] = span;
      if (start > place) line.append(words.slice(place, start).join(" ") + " ");
      const hue = Math.round(360 * types.indexOf(type) / types.length);
      const wrong = known.has(span.join()) ? "" : " wrong";
      const name = element("small", {}, type);
      line.append(
        element(
          "span",
          { class: `entity${wrong}`, style: `--hue: ${hue}` },
          words.slice(start, end).join(" "),
          name,
        ),
        " ",
      );
      place = end;
    }
    line.append(words.slice(place).join(" "));
    return line;
  }

  function show() {
    const { sentences } = target(), a = runOf("a"), b = field("b").value ? runOf("b") : null;
    field("only").disabled = !b;
    if (!a || (field("b").value && !b)) {
      status.textContent = "This system has no run with this seed yet.";
      results.replaceChildren();
      previous.disabled = next.disabled = true;
      return;
    }
    const found = sentences.map((_, i) => i).filter((i) => matches(i, a, b));
    const nPages = Math.max(1, Math.ceil(found.length / PAGE));
    page = Math.min(page, nPages - 1);
    status.textContent = `${found.length} of ${sentences.length} sentences, page ${page + 1} of ${nPages}`;
    previous.disabled = page === 0;
    next.disabled = page === nPages - 1;
    const who = (text) => element("div", { class: "who" }, text);
    results.replaceChildren(
      ...found.slice(page * PAGE, (page + 1) * PAGE).map((i) => {
        const [words, gold] = sentences[i], [spans, kinds] = a[i];
        const rows = [
          element(
            "div",
            { class: "number" },
            `sentence ${i + 1}${kinds.length ? `: ${kinds.join(", ")}` : ""}`,
          ),
          who("gold"),
          wordsOf(words, gold, gold),
          who(field("a").value),
          wordsOf(words, spans, gold),
        ];
        if (b) rows.push(who(field("b").value), wordsOf(words, b[i][0], gold));
        return element("article", { class: "sentence" }, ...rows);
      }),
    );
  }

  form.addEventListener("input", (event) => {
    page = 0;
    if (event.target === field("target")) fillFields();
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  const turn = (by) => () => {
    page += by;
    show();
    root.scrollIntoView();
  };
  previous.addEventListener("click", turn(-1));
  next.addEventListener("click", turn(1));
  fill("target", Object.keys(data));
  fillFields();
  if (field("b").options.length > 2) field("b").selectedIndex = 2;
  root.querySelector(".needs-script").remove();
  form.hidden = false;
  show();
})();

// Whoever prints wants the long parts, too.
addEventListener("beforeprint", () => {
  for (const details of document.querySelectorAll("details")) details.open = true;
});
