/** Reports in their folders: whose is where, and what lies beside it. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { REPORT, report } from "../../../tasks/report.ts";
import { withFolder } from "../../temporary_folder.ts";
import { MINIATURE } from "../miniature.ts";
import { runForTest } from "../run_command.ts";

/** A profile of experiments that need no training. */
async function writeProfile(
  folder: string,
  experiments: Record<string, "data" | "settings">,
): Promise<string> {
  const names = Object.keys(experiments);
  const path = join(folder, "miniature.yaml");
  await Deno.writeTextFile(
    path,
    `${MINIATURE}experiments: { ${names.map((name) => `${name}: {}`).join(", ")} }\n`,
  );
  for (const name of names) {
    await Deno.writeTextFile(
      join(folder, `${name}.yaml`),
      `title: About ${name}\nshow: ${experiments[name]}\n`,
    );
  }
  return path;
}

function namesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}

/** Tables that no experiment shows. */
const OTHERS = ["environment", "types_news", "types_research"];

/** The tables in a folder by name, each of which is there in its three forms. */
function tablesIn(folder: string): string[] {
  const files = namesIn(join(folder, "tables"));
  const names = [...new Set(files.map((name) => name.replace(/\.\w+$/, "")))];
  assertEquals(files, names.flatMap((name) => [".csv", ".md", ".tex"].map((ending) => name + ending)));
  return names.filter((name) => !OTHERS.includes(name));
}

Deno.test("report of a part has a folder of its own, and leaves the profile's as it is", () =>
  withFolder(async (folder) => {
    const config = await writeProfile(folder, { sizes: "data", keys: "settings" });
    const results = join(folder, "results");
    const own = join(results, "miniature");
    const write = async (...more: string[]) => {
      const { code, errors, printed } = await runForTest(REPORT, report, [
        ...["--config", config, "--results", results],
        ...more,
      ]);
      assertEquals([code, errors], [0, ""]);
      return printed.replace(/^.*: /, "");
    };
    const page = join(own, "report.html");
    assertEquals(await write(), page);
    assertEquals(tablesIn(own), ["table_1", "table_5"]);
    const whole = await Deno.readTextFile(page);
    const numbers = await Deno.readTextFile(join(own, "results.json"));
    const parts = [["--only", "keys"], ["--only", "sizes"], ["--seeds", "7"], ["--set", "train.epochs=9"]];
    const pages = [];
    for (const part of parts) pages.push(await write(...part));
    assertEquals(
      pages,
      ["only=keys", "only=sizes", "seeds=7", "train.epochs=9"].map((name) =>
        join(own, "selections", name, "report.html")
      ),
    );
    // Sizes of data sets are always shown.
    const both = ["table_1", "table_5"];
    assertEquals(pages.map((path) => tablesIn(join(path, ".."))), [both, ["table_1"], both, both]);
    const selection = JSON.parse(await Deno.readTextFile(join(pages[0]!, "..", "results.json")));
    assertEquals([selection.selection, selection.experiments.length], ["only=keys", 1]);
    assertStringIncludes(await Deno.readTextFile(pages[3]!), "train.epochs=9");
    assertEquals(await Deno.readTextFile(page), whole);
    assertEquals(await Deno.readTextFile(join(own, "results.json")), numbers);
    assertEquals(tablesIn(own), ["table_1", "table_5"]);
  }));

Deno.test("report leaves no table of an earlier one beside it, and nothing of the user's out", () =>
  withFolder(async (folder) => {
    const results = join(folder, "results");
    const own = join(results, "miniature");
    const write = async (config: string) =>
      assertEquals((await runForTest(REPORT, report, ["--config", config, "--results", results])).code, 0);
    await write(await writeProfile(folder, { sizes: "data", keys: "settings" }));
    const notes = ["report_notes.txt", "tables/table_5_mine.csv", "tables/mine.tex", "mine.svg"];
    for (const note of notes) await Deno.writeTextFile(join(own, note), "the user's");
    const changed = join(own, "tables", "table_5.tex");
    await Deno.writeTextFile(changed, "% for the thesis\n" + await Deno.readTextFile(changed));
    await write(await writeProfile(folder, { sizes: "data" }));
    const left = namesIn(join(own, "tables")).filter((name) => !/^(environment|types_\w+)\./.test(name));
    const { tables } = JSON.parse(await Deno.readTextFile(join(own, "results.json")));
    assertEquals(Object.keys(tables).sort(), ["environment", "table_1", "types_news", "types_research"]);
    assertEquals(left, [
      "mine.tex",
      "table_1.csv",
      "table_1.md",
      "table_1.tex",
      "table_5.tex",
      "table_5_mine.csv",
    ]);
    for (const note of notes) assertEquals(await Deno.readTextFile(join(own, note)), "the user's");
    assert((await Deno.readTextFile(changed)).startsWith("% for the thesis"));
  }));
