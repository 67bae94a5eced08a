/** Within model/ and tasks/ a file imports from its own room and from those below it. */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { codeOnly, importsOf, resolveIn, ROOT, typeScriptFiles } from "./source_text.ts";

/** The rooms of a folder, the lowest first; files that lie in the folder itself come last. */
const ROOMS: Record<string, readonly string[]> = {
  model: [
    "settings",
    "engine",
    "weights",
    "nn",
    "training",
    "bert",
    "bart",
    "words",
    "char_lm",
    "systems",
    "analysis",
  ],
  tasks: [
    "files",
    "terminal",
    "workers",
    "code",
    "config",
    "data_sets",
    "stages",
    "tagging",
    "plan",
    "report",
    "bench",
  ],
};

/** What lies in a folder itself and yet below its rooms, as all of them use it. */
const FOUNDATIONS = ["tasks/errors.ts", "tasks/list_names.ts"];

/** How high a file stands in its folder. */
function heightOf(path: string): number {
  const [folder, room] = path.split("/");
  const rooms = ROOMS[folder!]!;
  if (FOUNDATIONS.includes(path)) return -1;
  const height = rooms.indexOf(room!);
  return height < 0 ? rooms.length : height;
}

/** The room of one system: model/systems/NAME. */
const systemOf = (path: string) => /^model\/systems\/(\w+)\//.exec(path)?.[1];

for (const folder of Object.keys(ROOMS)) {
  Deno.test(`no file in ${folder}/ imports one above it`, async () => {
    const arrows: string[] = [];
    for (const path of await typeScriptFiles(folder)) {
      const text = await Deno.readTextFile(join(ROOT, path));
      for (const specifier of importsOf(text).filter((one) => one.startsWith("."))) {
        const target = resolveIn(path, specifier);
        if (target.startsWith(`${folder}/`) && heightOf(target) > heightOf(path)) {
          arrows.push(`${path} imports ${target}`);
        }
      }
    }
    assertEquals(arrows, []);
  });

  Deno.test(`every folder in ${folder}/ is a room of the list`, async () => {
    const entries = await Array.fromAsync(Deno.readDir(join(ROOT, folder)));
    const names = entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => name);
    assertEquals(names.sort(), [...ROOMS[folder]!].sort());
  });
}

Deno.test("no system imports another, nor the table of all", async () => {
  const arrows: string[] = [];
  for (const path of await typeScriptFiles("model/systems")) {
    const text = await Deno.readTextFile(join(ROOT, path));
    const own = systemOf(path);
    if (own === undefined) continue;
    for (const specifier of importsOf(text).filter((one) => one.startsWith("."))) {
      const target = resolveIn(path, specifier);
      const other = systemOf(target);
      if ((other !== undefined && other !== own) || target === "model/systems/systems.ts") {
        arrows.push(`${path} imports ${target}`);
      }
    }
  }
  assertEquals(arrows, []);
});

/** Ways to ask what family a system or a model is of, which its definition alone knows. */
const FAMILY_TESTS =
  /\bis(?:Bert|Word|Bart)(?:System|Model)\b|\breads\s*[!=]==|"(?:labelWidth|lengthRatio|vocabularies|sizes)"\s+in\b/g;

Deno.test("nobody asks what family a system is of", async () => {
  assertEquals([..."if (isWordSystem(name) || x.reads === y)".matchAll(FAMILY_TESTS)].length, 2);
  const asked: string[] = [];
  for (const folder of ["model", "tasks", "experiments"]) {
    for (const path of await typeScriptFiles(folder)) {
      const text = codeOnly(await Deno.readTextFile(join(ROOT, path)));
      asked.push(...[...text.matchAll(FAMILY_TESTS)].map(([found]) => `${path}: ${found}`));
    }
  }
  assertEquals(asked, []);
});
