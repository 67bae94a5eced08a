import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { replaceOwnFiles } from "../../../tasks/files/own_files.ts";
import { watchFiles } from "../../file_operations.ts";
import { withFolder } from "../../temporary_folder.ts";

const LIST = "list.json";

function write(folder: string, files: Record<string, string>): Promise<void> {
  return replaceOwnFiles(folder, LIST, new Map(Object.entries(files)));
}

/** The contents of all files but the list, by path. */
function filesIn(folder: string, below = ""): Record<string, string> {
  const names = [...Deno.readDirSync(join(folder, below))].sort((a, b) => a.name < b.name ? -1 : 1);
  return Object.assign(
    {},
    ...names.map(({ name, isDirectory }) => {
      const path = below + name;
      if (isDirectory) return filesIn(folder, `${path}/`);
      return path === LIST ? {} : { [path]: Deno.readTextFileSync(join(folder, path)) };
    }),
  );
}

Deno.test("replaceOwnFiles() removes what an earlier call wrote and this one does not, and nothing else", () =>
  withFolder(async (folder) => {
    await write(folder, { "page.html": "1", "tables/a.csv": "a", "tables/b.csv": "b", "tables/c.csv": "c" });
    await Deno.writeTextFile(join(folder, "tables", "notes.csv"), "the user's");
    await Deno.writeTextFile(join(folder, "notes.txt"), "the user's");
    // Written by us, then changed by the user.
    await Deno.writeTextFile(join(folder, "tables", "c.csv"), "c, with remarks");
    await write(folder, { "page.html": "2", "tables/a.csv": "a" });
    assertEquals(filesIn(folder), {
      "notes.txt": "the user's",
      "page.html": "2",
      "tables/a.csv": "a",
      "tables/c.csv": "c, with remarks",
      "tables/notes.csv": "the user's",
    });
    await write(folder, {});
    assertEquals(Object.keys(filesIn(folder)), ["notes.txt", "tables/c.csv", "tables/notes.csv"]);
  }));

Deno.test("replaceOwnFiles() leaves files alone that are as they should be", () =>
  withFolder(async (folder) => {
    await write(folder, { "a": "1", "b": "1" });
    const changed: string[] = [];
    {
      using _ = watchFiles(({ name, path }) => {
        if (name === "rename") changed.push(path);
      });
      await write(folder, { "a": "1", "b": "2" });
    }
    assertEquals(changed.filter((path) => !path.includes(LIST)).length, 1);
    assertEquals(filesIn(folder), { a: "1", b: "2" });
  }));

Deno.test("replaceOwnFiles() knows what it wrote before it was stopped, wherever that was", () =>
  withFolder(async (folder) => {
    const first = { "t/a": "1", "t/b": "1" };
    const second = { "t/a": "2", "t/d": "2" };
    const third = { "t/e": "3" };
    let nStops = 0;
    for (let stop = 0;; stop++) {
      const at = join(folder, `${stop}`);
      await write(at, first);
      let n = 0;
      const stopped = await (async () => {
        using _ = watchFiles(() => {
          if (n++ === stop) throw new Error("stopped");
        });
        await write(at, second);
      })().then(() => false, () => true);
      await write(at, third);
      assertEquals(filesIn(at), third, `stopped at operation ${stop}`);
      if (!stopped) break;
      nStops++;
    }
    assert(nStops > 5, `${nStops}`);
  }));

Deno.test("replaceOwnFiles() removes nothing that a list names outside of the folder, and no links", () =>
  withFolder(async (folder) => {
    const own = join(folder, "own");
    const mine = join(folder, "mine.txt");
    await Deno.writeTextFile(mine, "1");
    await write(own, { "a": "1", "b": "1" });
    await Deno.remove(join(own, "b"));
    await Deno.symlink(mine, join(own, "b"));
    const list = JSON.parse(await Deno.readTextFile(join(own, LIST)));
    for (const path of ["../mine.txt", mine, "./../mine.txt", "a/../../mine.txt"]) list[path] = list.a;
    await Deno.writeTextFile(join(own, LIST), JSON.stringify(list));
    await write(own, { "c": "1" });
    assertEquals(await Deno.readTextFile(mine), "1");
    assertEquals(filesIn(own), { b: "1", c: "1" });
    // A list that is none is taken for an empty one.
    for (const text of ["", "[1", "null", '{"c": 5}']) {
      await Deno.writeTextFile(join(own, LIST), text);
      await write(own, { "c": "1" });
    }
    assertEquals(filesIn(own), { b: "1", c: "1" });
  }));

Deno.test("replaceOwnFiles() names the file that it cannot write", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "tables"), "a file");
    await assertRejects(
      () => write(folder, { "tables/a": "1" }),
      Error,
      `Cannot write "${join(folder, "tables")}"`,
    );
  }));
