/** What the documentation of a key says that it takes, and every `--set` that is written anywhere, is taken. */
import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { contentOf, type Key } from "../../../data/schema/mappings.ts";
import { expectedOf, type Shape } from "../../../data/schema/shapes.ts";
import { EXPERIMENT } from "../../../tasks/config/config.ts";
import { parseConfig } from "../../../tasks/config/read_config.ts";
import { readProfile } from "../../../tasks/config/read_profile.ts";
import { readDocuments } from "../../docs/documents.ts";
import { ROOT } from "../../source_text.ts";

interface DocumentedKey {
  path: string;
  key: Key<unknown>;
}

function allKeys(shape: Shape<unknown>, prefix = ""): DocumentedKey[] {
  const { keys = {}, isPartial = false } = contentOf(shape);
  if (isPartial) return [];
  return Object.entries(keys).flatMap(([name, key]) => {
    const path = prefix + name;
    return [{ path, key }, ...allKeys(key.shape, `${path}.`)];
  });
}

/** A configuration in which a key may stand: generated corpora or real ones, a folder or sizes. */
function leastFor(path: string): Record<string, unknown> {
  const data = path.startsWith("data.sample") || path === "data.source" || path === "data.targets"
    ? { source: "news", targets: ["research"], sample: {} }
    : { targets: ["ai"] };
  return { name: "a", encoder: path.startsWith("encoder.") ? {} : "some/encoder", data };
}

/** The value at a path, read from YAML, or from `--set`. */
function readBack(path: string, value: unknown, how: "yaml" | "set"): unknown {
  const least = leastFor(path);
  const names = path.split(".");
  let overrides: string[] = [];
  if (how === "set") overrides = [`${path}=${JSON.stringify(value)}`];
  else {
    let at = least;
    for (const name of names.slice(0, -1)) at = (at[name] ??= {}) as Record<string, unknown>;
    at[names.at(-1)!] = value;
  }
  const config = parseConfig(JSON.stringify(least), { source: "e.yaml", overrides });
  return names.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], config);
}

const KEYS = allKeys(EXPERIMENT);

Deno.test("a key takes null when its documentation says what null means, and only then", () => {
  // Not where a section is said to hold when another key is null.
  const withNull = KEYS.filter(({ key }) => /(?<!where vectors is )\bnull\b/.test(key.doc));
  assert(withNull.length > 10, "the documentation is read wrongly");
  for (const { path, key } of KEYS) {
    const says = withNull.some((one) => one.path === path);
    assertEquals(
      /\bnull\b/.test(expectedOf(key.shape)),
      says,
      `${path}: ${expectedOf(key.shape)}; ${key.doc}`,
    );
    if (says) {
      for (const how of ["yaml", "set"] as const) assertEquals(readBack(path, null, how), null, path);
    }
  }
});

Deno.test("a key takes each number that its documentation says the meaning of, and 0 for none is null", () => {
  let n = 0;
  for (const { path, key } of KEYS) {
    for (const [, text] of key.doc.matchAll(/\b(\d+) for \w/g)) {
      const value = Number(text);
      const meansNull = new RegExp(`null or ${text} for`).test(key.doc);
      for (const how of ["yaml", "set"] as const) {
        assertEquals(readBack(path, value, how), meansNull ? null : value, `${path}: ${key.doc}`);
        n++;
      }
    }
  }
  assert(n >= 16, `${n}: the documentation is read wrongly`);
});

Deno.test("a key takes its own default when it is written out", () => {
  for (const { path, key } of KEYS) {
    if (!key.fallback || contentOf(key.shape).keys) continue;
    if (path === "data.source") continue; // conll2003, which goes with no generated corpora
    for (const how of ["yaml", "set"] as const) {
      assertEquals(readBack(path, key.fallback.value, how), key.fallback.value, path);
    }
  }
});

Deno.test("train.patience=0 and null mean the same for every system and target that differ", () => {
  const read = (value: string) =>
    parseConfig("name: a\nencoder: b\ndata: { targets: [ai] }", {
      source: "e.yaml",
      overrides: ["train", "perSystem.laner.train", "perTarget.ai.train", "perSystem.coach.joint"].map((at) =>
        `${at}.patience=${value}`
      ),
    });
  assertEquals(read("0"), read("null"));
  assertEquals([read("0").train.patience, read("0").perSystem.laner!.train!.patience], [null, null]);
});

/** Files in which people are told what to write after --set. */
async function writtenTexts(): Promise<{ path: string; text: string }[]> {
  const paths: string[] = [];
  for (const folder of ["experiments", "tasks", "tests/bench", "tests/torture"]) {
    for await (const { name, isFile } of Deno.readDir(join(ROOT, folder))) {
      if (isFile && /\.(yaml|ts|tsx|sh|md)$/.test(name)) paths.push(`${folder}/${name}`);
    }
  }
  const others = paths.map(async (path) => ({ path, text: await Deno.readTextFile(join(ROOT, path)) }));
  return [...await readDocuments(), ...await Promise.all(others)];
}

/** What stands for any key. */
const PLACEHOLDER = "KEY=VALUE";

Deno.test("every --set that is written in README, docs/, experiments and commands is taken", async () => {
  const found: string[] = [];
  for (const { path, text } of await writtenTexts()) {
    // What stands together in a line, or between two backquotes, is given together.
    for (const together of text.split(path.endsWith(".md") ? /[`\n]/ : "\n")) {
      const sets = [...together.matchAll(/--set[ =]"?([\w.]+=[^\s"`),]+)/g)].map(([, set]) => set!)
        .filter((set) => set !== PLACEHOLDER);
      if (sets.length === 0) continue;
      found.push(...sets);
      // Real data, text and encoder, as those who are told have.
      const overrides = ["data.root=data", "encoder=encoder", "dapt.corpus=text.txt", ...sets];
      const { config } = await readProfile(join(ROOT, "experiments", "laptop.yaml"), { overrides }).catch(
        (error) => {
          throw new Error(`${path} says --set ${sets.join(" --set ")}: ${error.message}`);
        },
      );
      assertEquals(config.name, "laptop");
    }
  }
  assert(found.includes("train.patience=0") && found.length >= 4, found.join(" "));
});
