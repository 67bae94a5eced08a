/** README and docs/: their links, paths and generated parts are right, and README stays short. */
import { assert, assertEquals, assertThrows } from "@std/assert";
import { dirname, join, normalize } from "node:path";
import { configJsonSchema } from "../../tasks/config/config.ts";
import { ROOT, typeScriptFiles } from "../source_text.ts";
import { type Document, readDocuments } from "./documents.ts";
import { COMMAND_SPECS, withGeneratedParts } from "./generated.ts";
import { settingsTypes } from "./settings_types.ts";

/** Folders of the repository in which a path in backquotes must lie. */
const FOLDERS = ["data", "docs", "experiments", "model", "tasks", "tests", "vendor"];

/** Names of files that readers have, not the repository. */
const OF_READERS = ["my.yaml"];

/** A page without its blocks of code. */
const withoutBlocks = (text: string) => text.replace(/^```[^]*?^```/gm, "");

/** Where the links and pictures of a page lead, those to other hosts left out. */
function linksIn(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!)
    .filter((target) => !/^https?:/.test(target));
}

/** The paths and names of files of the repository that a page has in backquotes. */
function pathsIn(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!)
    .flatMap((code) => code.split(" ")).filter((word) => {
      const folder = word.split("/")[0]!;
      const isPath = word.includes("/") && FOLDERS.includes(folder) && /^[\w./-]+$/.test(word);
      return isPath || (/^[\w-]+\.(tsx?|yaml|py|sh)$/.test(word) && !OF_READERS.includes(word));
    });
}

/** The anchor of each heading of a page, as GitHub makes it. */
function anchorsIn(text: string): string[] {
  return [...withoutBlocks(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, "").replaceAll(" ", "-")
  );
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(join(ROOT, path)).then(() => true, () => false);
}

/** What is wrong with a page: links to nothing, and paths of files that are not there. */
async function deadEndsIn({ path, text }: Document, pages: readonly Document[]): Promise<string[]> {
  const dead: string[] = [];
  for (const link of linksIn(text)) {
    const [file, anchor] = link.split("#");
    const target = file === "" ? path : normalize(join(dirname(path), file!));
    const page = pages.find((page) => page.path === target);
    if (!await exists(target)) dead.push(`${path} links to ${link}`);
    else if (anchor && !anchorsIn(page?.text ?? "").includes(anchor)) dead.push(`${path} links to ${link}`);
  }
  for (const name of pathsIn(text)) {
    // NAME stands for a name of the reader's own.
    if (/\bNAME(?=\b|_)/.test(name)) continue;
    const isThere = name.includes("/") ? await exists(name) : (await fileNames()).has(name);
    if (!isThere) dead.push(`${path} names ${name}`);
  }
  return dead;
}

/** The names of all files that may be named without their folder. */
async function fileNames(): Promise<Set<string>> {
  const paths = (await Promise.all(["data", "experiments", "model", "tasks", "tests"].map(typeScriptFiles)))
    .flat();
  const experiments = await Array.fromAsync(Deno.readDir(join(ROOT, "experiments")), ({ name }) => name);
  return new Set([...paths.map((path) => path.split("/").at(-1)!), ...experiments]);
}

Deno.test("deadEndsIn() finds links and paths that lead nowhere", async () => {
  const text =
    "# A b: `c`!\n[x](README.md) [y](docs/no.md) [z](#a-b-c) [z](#no) ![w](no.svg) [v](https://x.org/no)\n" +
    "`model/no.ts` `model/tagger.ts` `model/` `model/no/` `tagger.ts` `no.ts` `my.yaml` `sample.yaml` `no.yaml`\n" +
    "`results/no.ts` `org/no` `deno run tests/no.ts`\n```ts\n[q](no.md) `data/no.ts`\n```\n";
  const page = { path: "README.md", text };
  assertEquals(await deadEndsIn(page, [page]), [
    "README.md links to docs/no.md",
    "README.md links to #no",
    "README.md links to no.svg",
    "README.md names model/no.ts",
    "README.md names model/no/",
    "README.md names no.ts",
    "README.md names no.yaml",
    "README.md names tests/no.ts",
  ]);
});

Deno.test("every link and every path of a file in README and docs/ leads somewhere", async () => {
  const pages = await readDocuments();
  const dead = await Promise.all(pages.map((page) => deadEndsIn(page, pages)));
  assertEquals(dead.flat(), []);
});

Deno.test("README links to every page of docs/ and has at most 150 lines", async () => {
  const pages = await readDocuments();
  const readme = pages.find(({ path }) => path === "README.md")!;
  const links = linksIn(readme.text);
  assertEquals(
    pages.map(({ path }) => path).filter((path) => path.startsWith("docs") && !links.includes(path)),
    [],
  );
  assert(readme.text.trimEnd().split("\n").length <= 150);
});

Deno.test("withGeneratedParts() replaces what stands between its markers and nothing else", () => {
  const page = (inside: string) => `a\n<!-- made by deno task docs: tasks -->\n${inside}<!-- end -->\nb\n`;
  const made = withGeneratedParts(page("old\n"));
  assert(
    /^a\n<!--.*-->\n\n\| `deno task …` \| does \|\n[^]*\n\n<!-- end -->\nb\n$/.test(made) &&
      !made.includes("old"),
    made,
  );
  assertEquals(withGeneratedParts(made), made);
  assertEquals(withGeneratedParts("no part\n"), "no part\n");
  assertThrows(() => withGeneratedParts(page("").replace("tasks", "no")), Error, 'Cannot make the part "no"');
  assertThrows(() => withGeneratedParts(page("").replace("<!-- end -->", "")), Error, "has no <!-- end -->");
});

Deno.test("the parts of docs/ that are made by deno task docs are up to date", async () => {
  let nParts = 0;
  for (const { path, text } of await readDocuments()) {
    assert(withGeneratedParts(text) === text, `${path} is not up to date: run deno task docs`);
    nParts += text.split("<!-- made by deno task docs").length - 1;
  }
  assertEquals(nParts, 12);
});

Deno.test("every command that declares its flags is among those of docs/commands.md", async () => {
  const declared: string[] = [];
  for await (const { name, isFile } of Deno.readDir(join(ROOT, "tasks"))) {
    if (!isFile || !name.endsWith(".ts")) continue;
    const text = await Deno.readTextFile(join(ROOT, "tasks", name));
    declared.push(
      ...[...text.matchAll(/= defineCommand\(\{\s*name: "([\w:]+)"/g)].map(([, command]) => command!),
    );
  }
  assertEquals(COMMAND_SPECS.map(({ name }) => name).sort(), declared.sort());
});

Deno.test("settingsTypes() are what model/settings/settings.ts holds", async () => {
  const path = join(ROOT, "model", "settings", "settings.ts");
  assert(
    await Deno.readTextFile(path) === settingsTypes(),
    "settings.ts is not up to date: run deno task docs",
  );
});

Deno.test("configJsonSchema() is what experiments/schema.json holds", async () => {
  const stored = await Deno.readTextFile(join(ROOT, "experiments", "schema.json"));
  const current = JSON.stringify(configJsonSchema(), null, 2) + "\n";
  assert(stored === current, "schema.json is not up to date: run deno task docs");
});
