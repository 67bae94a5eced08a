/**
 * Lists the engines and tells which of them run here.
 */
import { chooseEngine } from "../model/engine/choose_engine.ts";
import { listEngines } from "../model/engine/list_engines.ts";
import { runCommand } from "./terminal/command.ts";
import { type CommandMain, defineCommand } from "./terminal/command_spec.ts";
import { textTable } from "./terminal/text_table.ts";

/** `deno task engines`. */
export const ENGINES = defineCommand({
  name: "engines",
  summary:
    "Tries each engine and prints whether it runs here: with which version, threads or GPU, or what is missing.",
  flags: {},
  examples: ["deno task engines"],
});

/** Tries the engines and prints a table. */
export const engines: CommandMain<typeof ENGINES.flags> = async (_flags, _operands, { print }) => {
  const choice = await chooseEngine();
  const rows = [["engine", "runs here", "version, or what is missing"]];
  for (const { name, runs, about } of await listEngines()) rows.push([name, runs ? "yes" : "no", about]);
  print(textTable(rows, ["left", "left", "left"]));
  print(`auto takes ${choice.name}: ${choice.reason}`);
};

if (import.meta.main) await runCommand(ENGINES, engines);
