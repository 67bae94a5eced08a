// Folding parts of the page: the contents on narrow screens, and everything opened for printing.
// @ts-check
(() => {
  const contents = /** @type {HTMLDetailsElement} */ (document.querySelector("details.contents"));
  const narrow = matchMedia("(width < 70rem)");
  document.documentElement.classList.add("script");

  const fold = () => {
    contents.open = !narrow.matches;
  };
  fold();
  narrow.addEventListener("change", fold);
  // The panel lies over the page, so it must not stay open over the chosen section.
  contents.addEventListener("click", ({ target }) => {
    if (narrow.matches && target instanceof HTMLAnchorElement) contents.open = false;
  });

  /** @type {HTMLDetailsElement[]} */
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details")].filter(({ open }) => !open);
    for (const part of opened) part.open = true;
  });
  addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
  });
})();
