/** What `deno task predict` makes of texts as they come from mails, web pages and PDF files. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { PREDICT, predict } from "../../tasks/predict.ts";
import { tinyModel } from "../model/tiny.ts";
import { withModelFolder } from "../model/tiny_model_folder.ts";
import { runForTest } from "./run_command.ts";

/** A model that finds an entity in this text. */
const MODEL = tinyModel("laner", 3);
const TEXT = "New Yorkers like ooo. Like New York o e.";

/** Runs the command on a file with these contents. */
async function run(folder: string, contents: string | Uint8Array, ...args: string[]) {
  const path = join(folder, "text.txt");
  await Deno.writeFile(path, typeof contents === "string" ? new TextEncoder().encode(contents) : contents);
  const result = await runForTest(PREDICT, predict, ["--model", folder, ...args, path]);
  return { ...result, errors: result.errors.replaceAll(`${folder}/`, "") };
}

function found({ code, printed }: { code: number; printed: string }) {
  assertEquals(code, 0);
  return printed === "" ? [] : printed.split("\n").map((line) => JSON.parse(line));
}

Deno.test("predict gives places in the decoded file, its byte order mark counted, of UTF-8, UTF-16 and columns", () =>
  withModelFolder(MODEL, async (folder) => {
    const entities = found(await run(folder, TEXT, "--format", "jsonl"));
    assert(entities.length > 0);
    const later = entities.map((entity) => ({ ...entity, start: entity.start + 1, end: entity.end + 1 }));
    const marked = `\uFEFF${TEXT}`;
    const utf16 = new Uint8Array(Uint16Array.from(marked, (c) => c.charCodeAt(0)).buffer);
    assertEquals(found(await run(folder, marked, "--format", "jsonl")), later);
    assertEquals(found(await run(folder, utf16, "--format", "jsonl")), later);
    const columns = TEXT.replaceAll(/ |(?=\.)/g, " O\n") + " O\n";
    const args = ["--input", "conll", "--format", "jsonl"];
    const [first] = found(await run(folder, columns, ...args));
    assertEquals(found(await run(folder, `\uFEFF${columns}`, ...args))[0].start, first.start + 1);
  }));

Deno.test("predict reads control characters as white space and says how many, but no binary file and no columns", () =>
  withModelFolder(MODEL, async (folder) => {
    const plain = await run(folder, TEXT);
    const odd = TEXT.replace(" ", "\x02").replace(" l", "\x1bl");
    assertEquals(plain.errors, "");
    for (const input of ["text", "paragraphs", "words"]) {
      const { code, printed, errors } = await run(folder, odd, "--input", input);
      assertEquals([code, errors], [0, "text.txt: control characters read as white space: 2"]);
      assertEquals(printed, (await run(folder, TEXT, "--input", input)).printed);
    }
    const binary = await run(folder, "PK\0\0\0\0");
    assertEquals([binary.code, binary.printed], [1, ""]);
    assertStringIncludes(binary.errors, 'text.txt" as text: it must be UTF-8');
    assertStringIncludes((await run(folder, "a\x02 O\n", "--input", "conll")).errors, "U+0002");
  }));

Deno.test("predict reads wrapped lines as paragraphs, and prints an entity that spans lines in one", () =>
  withModelFolder(MODEL, async (folder) => {
    const flat = await run(folder, TEXT);
    const args = ["--input", "paragraphs"];
    const wrapped = TEXT.replaceAll(" ", "\n");
    assertEquals(await run(folder, wrapped, ...args), flat);
    assertEquals(
      found(await run(folder, wrapped, ...args, "--format", "jsonl")),
      found(await run(folder, TEXT, "--format", "jsonl")).map((entity) => ({
        ...entity,
        text: entity.text.replaceAll(" ", "\n"),
      })),
    );
    assert((await run(folder, wrapped)).printed !== flat.printed);
    assert(/\S \S.* {2}/.test(flat.printed.split("\n")[1]!), flat.printed);
  }));
