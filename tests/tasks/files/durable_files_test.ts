import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { ifMissing } from "../../../tasks/errors.ts";
import { makeFolder, replaceFile, writeDurably } from "../../../tasks/files/durable_files.ts";
import { sha256 } from "../../../tasks/files/hash.ts";
import { checkContents, checkSizes, listFiles, readListed } from "../../../tasks/stages/file_list.ts";
import { crashAnywhere } from "../../crashing_disk.ts";
import { type FileOperation, systemError, watchFiles } from "../../file_operations.ts";
import { withFolder } from "../../temporary_folder.ts";

Deno.test("replaceFile() waits for the disk before the new file takes the old one's place", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.txt");
    const operations: string[] = [];
    await Deno.writeTextFile(path, "old");
    {
      using _ = watchFiles(({ name }) => void operations.push(name));
      await replaceFile(path, "newer");
    }
    assertEquals([...new Set(operations)], ["open", "write", "write half", "sync", "rename"]);
    assertEquals(await Deno.readTextFile(path), "newer");
  }));

Deno.test("replaceFile() that fails leaves the old file and nothing else, and says why", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.txt");
    await Deno.writeTextFile(path, "old");
    for (const failing of ["open", "write", "write half", "sync", "rename"]) {
      using _ = watchFiles(({ name }: FileOperation) => {
        if (name === failing) throw systemError("ENOSPC");
      });
      const error = await assertRejects(() => replaceFile(path, "newer"), Error, "Cannot write");
      assertStringIncludes(error.message, "there must be space left on the disk, there is none");
      assertEquals(
        [await Deno.readTextFile(path), [...Deno.readDirSync(folder)].length],
        ["old", 1],
        failing,
      );
    }
  }));

Deno.test("writeDurably() names the file and the reason", () =>
  withFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "file"), "");
    const cases: [string, string][] = [
      [join(folder, "none", "a.txt"), "its folder must be there, it is gone"],
      [join(folder, "file", "a.txt"), "it must lie in a folder"],
    ];
    for (const [path, reason] of cases) {
      const error = await assertRejects(() => writeDurably(path, "text"), Error, `Cannot write "${path}"`);
      assertStringIncludes(error.message, reason);
    }
  }));

Deno.test("a list of files tells any byte that is not as it was listed", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.txt");
    await Deno.writeTextFile(path, "abc");
    await Deno.writeTextFile(join(folder, "empty"), "");
    const list = await listFiles(folder);
    assertEquals(list["a.txt"], {
      bytes: 3,
      sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    });
    assertEquals(Object.keys(list), ["a.txt", "empty"]);
    await checkContents(folder, list);
    await Deno.writeTextFile(path, "abd");
    await checkSizes(folder, list);
    await assertRejects(() => checkContents(folder, list), Error, path);
    await assertRejects(() => readListed(folder, list, "a.txt"), Error, "SHA-256");
    await assertRejects(() => readListed(folder, list, "__proto__"), Error, "not listed");
    // The list says how much is read, not the longest text: a stored file may be larger than that.
    await Deno.writeTextFile(path, "abcd");
    await assertRejects(() => readListed(folder, list, "a.txt"), Error, "it must have at most 3 bytes");
    await Deno.writeTextFile(path, "ab");
    await assertRejects(() => checkSizes(folder, list), Error, "3 bytes, current value is 2");
    await Deno.remove(path);
    await assertRejects(() => checkSizes(folder, list), Error, path);
    await Deno.mkdir(path);
    await assertRejects(() => listFiles(folder), Error, "must be a file");
  }));

Deno.test("a list of files leads to no other folder, by name or by link", () =>
  withFolder(async (folder) => {
    const own = join(folder, "own");
    const secret = join(folder, "secret");
    const entry = { bytes: 6, sha256: await sha256("secret") };
    await Deno.mkdir(own);
    await Deno.writeTextFile(secret, "secret");
    for (const name of ["../secret", secret, "..", ".", "", "a/../../secret", "..\\secret"]) {
      await assertRejects(() => checkSizes(own, { [name]: entry }), Error, "plain name");
      await assertRejects(() => readListed(own, { [name]: entry }, name), Error, "plain name");
    }
    await Deno.symlink(secret, join(own, "link"));
    await assertRejects(() => readListed(own, { link: entry }, "link"), Error, "it must lie in");
  }));

Deno.test("replaceFile() leaves the old file or the new one wherever the machine goes down, and the new one after it", () =>
  withFolder((folder) =>
    crashAnywhere(
      folder,
      async (root) => {
        for (const text of ["old", "newer"]) await replaceFile(join(root, "a.txt"), text);
      },
      async (root, isOver) => {
        const text = await ifMissing(Deno.readTextFile(join(root, "a.txt")), null);
        assertEquals((isOver ? ["newer"] : [null, "old", "newer"]).includes(text!), true, `${text}`);
      },
    )
  ));

Deno.test("makeFolder() makes folders that are there after the machine went down", () =>
  withFolder((folder) =>
    crashAnywhere(
      folder,
      async (root) => {
        await makeFolder(join(root, "a", "b", "c"));
        await makeFolder(join(root, "a", "b", "d"));
        await makeFolder(join(root, "a"));
      },
      async (root, isOver) => {
        if (!isOver) return;
        for (const name of ["c", "d"]) {
          assertEquals((await Deno.stat(join(root, "a", "b", name))).isDirectory, true);
        }
      },
    )
  ));
