/** Every task is granted what docs/permissions.md says, and works with exactly that. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { permissionsTable, runsOneProgram } from "./docs/generated.ts";
import {
  COMMANDS,
  type Exercise,
  exerciseOf,
  flagsOf,
  flagsWithout,
  type Grant,
  grantsByKind,
  grantsOf,
  runTask,
  SHORT_BENCH,
  SHORT_GPU,
  SHORT_GROWTH,
  type Surroundings,
} from "./permissions.ts";
import { ROOT } from "./source_text.ts";
import { MINIATURE } from "./tasks/miniature.ts";
import { withFolder } from "./temporary_folder.ts";

/** Shell scripts, and what runs the others. */
const OTHERS = ["ok", "test:tensorflow", "test:node", "test:std"];

Deno.test("permissionsTable() lists what each task is granted, and joins tasks that are granted the same", () => {
  const table = permissionsTable({
    a: "deno run --allow-read --allow-env=X,Y --ignore-env --allow-write=docs a.ts",
    b: "deno test --quiet --allow-net=127.0.0.1 b.ts",
    c: "bash c.sh",
    d: "deno run --allow-read --allow-write=docs --allow-env=X,Y d.ts --allow-ffi=no",
    e: "deno run e.ts && deno run --allow-run f.ts",
  });
  const lines = [
    "| task | read | write | env | net | ffi | sys | run |",
    "|---|---|---|---|---|---|---|---|",
    "| a | all | docs | X, Y | | | | |",
    "| b | | | | 127.0.0.1 | | | |",
    "| d | all | docs | X, Y | | no | | |",
  ];
  assertEquals(table, lines.join("\n"));
});

Deno.test("every task is in the table of permissions or known to run others, and none may do everything", () => {
  const listed = Object.keys(COMMANDS).filter((name) => runsOneProgram(COMMANDS[name]!));
  assertEquals([...listed, ...OTHERS].sort(), Object.keys(COMMANDS).sort());
  assert(!Object.values(COMMANDS).some((command) => /(-A|--allow-all)\b/.test(command)));
});

Deno.test("dim_sweep.ts names in its header what reproduce is granted", async () => {
  const text = await Deno.readTextFile(join(ROOT, "experiments", "dim_sweep.ts"));
  const command = text.match(/deno run [^]*?dim_sweep\.ts/)![0].replace(/\\\n \* +/, "");
  assertEquals(grantsByKind(flagsOf(command)), grantsByKind(flagsOf(COMMANDS.reproduce!)));
});

/** A server that answers 418 to a token and 401 to none, and leads from /away to https://cdn.hf.co. */
function serveHub() {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    if (new URL(request.url).pathname.startsWith("/away")) return Response.redirect("https://cdn.hf.co/x");
    return new Response("no", { status: request.headers.has("authorization") ? 418 : 401 });
  });
}

Deno.test("every task works with exactly what it is granted, and not without any of it", () =>
  withFolder(async (folder) => {
    const config = join(folder, "miniature.yaml");
    const results = join(folder, "results");
    await Deno.writeTextFile(config, MINIATURE.replace("adapt: [false, true]", "adapt: [true]"));
    const run = async (task: string, ...args: string[]) => {
      const { code, said } = await runTask(task, flagsOf(COMMANDS[task]!), { args });
      assertEquals(code, 0, `${task}: ${said}`);
      return said;
    };
    const common = ["--config", config, "--results", results];
    await run("dapt", ...common);
    await run("pretrain", ...common, "--dapt");
    await run("finetune", ...common, "--dapt");
    const done = await run("reproduce", ...common, "--systems", "bert-tagger");
    assertStringIncludes(done, "All stages are stored");
    await run("report", ...common);
    await run("prepare", "--config", config, "--out", join(folder, "data"));
    const stages = [...Deno.readDirSync(join(results, "stages"))].map(({ name }) => name);
    const model = join(results, "stages", stages.find((name) => name.startsWith("finetune"))!);
    const predictions = join(model, "test.conll");
    await run("predict", "--model", model, "--input", "conll", predictions);
    await run("evaluate", predictions);
    await run("bench", "--encoder", model, "--data", join(folder, "data"), ...SHORT_BENCH);
    await run("bench:growth", ...SHORT_GROWTH, "--out", folder);
    await run("bench:gpu", ...SHORT_GPU, "--out", join(folder, "gpu.json"));
    for (const task of ["download", "soak", "torture"]) await run(task, "--help");

    const server = serveHub();
    const hub = `127.0.0.1:${server.addr.port}`;
    try {
      const needless = await needlessGrants({ folder, config, model, predictions, hub });
      assertEquals(needless, [], "grants that nothing needs");
    } finally {
      await server.shutdown();
    }
  }));

/** Leaves out each grant of each task in turn; those without which a task does the same, and how. */
async function needlessGrants(at: Surroundings): Promise<string[]> {
  const needless: string[] = [];
  const left: (() => Promise<void>)[] = [];
  for (const [task, command] of Object.entries(COMMANDS)) {
    if (OTHERS.includes(task)) continue;
    const flags = flagsOf(command);
    for (const grant of grantsOf(flags)) {
      const name = `${task}: ${grant.kind} ${grant.entry ?? ""}`;
      const exercise = exerciseOf(task, grant, at);
      if (exercise === undefined) needless.push(`${name}: no run shows what it is for`);
      else left.push(() => leaveOut(task, flags, grant, exercise, (why) => needless.push(`${name}: ${why}`)));
    }
  }
  const works = async () => {
    for (let next = left.pop(); next; next = left.pop()) await next();
  };
  await Promise.all(Array.from({ length: Math.min(4, navigator.hardwareConcurrency) }, works));
  return needless.sort();
}

/** Runs an exercise without a grant; where a variable is to have an effect, also with it. */
async function leaveOut(
  task: string,
  flags: readonly string[],
  grant: Grant,
  exercise: Exercise,
  tell: (why: string) => void,
): Promise<void> {
  const { code, said } = await runTask(task, flagsWithout(flags, grant), exercise);
  const { says } = exercise;
  if (says !== undefined) {
    if (says.test(said)) return tell(`has its effect without it, ${said.slice(-500)}`);
    const withIt = await runTask(task, flags, exercise);
    if (!says.test(withIt.said)) tell(`has no effect, ${withIt.said.slice(-500)}`);
    return;
  }
  // As Deno says it, or the toolkit of a server.
  const { kind, entry } = grant;
  const name = entry?.replace("*.", "cdn.");
  const wanted = [`Requires ${kind} access${name ? ` to "${name}` : ""}`, `${name} must be allowed`];
  if (code === 0 || !wanted.some((one) => said.includes(one))) tell(`exit code ${code}, ${said.slice(-500)}`);
}

Deno.test("test:oracle works with exactly what it is granted", async () => {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "test:oracle", "--no-check"],
    cwd: ROOT,
    env: { TEST_ENGINES: "cpu", DENO_NO_PROMPT: "1", NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stdout);
  assert(success, said + new TextDecoder().decode(stderr));
  assertStringIncludes(said, "| 0 failed");
});
