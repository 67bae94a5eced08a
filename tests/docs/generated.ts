/** Makes the parts of docs/ that follow from the code and from measurements. */
import deno from "../../deno.json" with { type: "json" };
import { MORE_SCHEMES } from "../../data/formats/file_scheme.ts";
import { FORMAT_NAMES, type FormatName } from "../../data/formats/format_names.ts";
import { FORMATS } from "../../data/formats/formats.ts";
import { PROFILES } from "../../data/formats/profiles.ts";
import { DATA_SET_KEYS } from "../../data/formats/read_settings.ts";
import { group } from "../../data/schema/mappings.ts";
import { BENCH } from "../../tasks/bench.ts";
import { BENCH_GPU } from "../../tasks/bench_gpu.ts";
import { BENCH_GROWTH } from "../../tasks/bench_growth.ts";
import { describeConfig } from "../../tasks/config/config.ts";
import { describeKeys } from "../../tasks/config/config_table.ts";
import { CONVERT } from "../../tasks/convert.ts";
import { DAPT } from "../../tasks/dapt.ts";
import { DOWNLOAD } from "../../tasks/download_data.ts";
import { ENGINES } from "../../tasks/engines.ts";
import { EVALUATE } from "../../tasks/evaluate.ts";
import { FINETUNE } from "../../tasks/finetune.ts";
import { PREDICT } from "../../tasks/predict.ts";
import { PREPARE } from "../../tasks/prepare.ts";
import { PRETRAIN } from "../../tasks/pretrain.ts";
import { REPORT } from "../../tasks/report.ts";
import { REPRODUCE } from "../../tasks/reproduce.ts";
import { formatHelp } from "../../tasks/terminal/command_help.ts";
import { COMMANDS, flagsOf, GRANT_KINDS, grantsByKind } from "../permissions.ts";
import { MEASURED_PARTS } from "./measured.ts";

/** The declarations of all commands, in the order in which deno.json names their tasks. */
export const COMMAND_SPECS = [
  REPRODUCE,
  DOWNLOAD,
  PREPARE,
  CONVERT,
  PRETRAIN,
  DAPT,
  FINETUNE,
  REPORT,
  PREDICT,
  ENGINES,
  EVALUATE,
  BENCH,
  BENCH_GROWTH,
  BENCH_GPU,
];

/** What makes each part, by the name in its marker. */
const PARTS: Record<string, () => string> = {
  permissions: () => permissionsTable(COMMANDS),
  tasks: tasksTable,
  flags: flagsOfCommands,
  keys: () => describeConfig("markdown"),
  formats: formatsTable,
  corpora: corporaTable,
  "keys of files": () => describeKeys(group(DATA_SET_KEYS), "markdown"),
  "schemes of files": schemesTable,
  ...MEASURED_PARTS,
};

/**
 * Makes every part of a page anew: what stands between `<!-- made by deno task docs: NAME -->` and `<!-- end -->`.
 *
 * @param text The page.
 * @throws {Error} If there is no part of that name, or a marker has no end.
 */
export function withGeneratedParts(text: string): string {
  const nMarkers = text.match(/<!-- made by deno task docs/g)?.length ?? 0;
  let nMade = 0;
  const made = text.replace(/(<!-- made by deno task docs: (.*?) -->\n)[^]*?(<!-- end -->)/g, (...groups) => {
    const [, start, name, end] = groups;
    if (!Object.hasOwn(PARTS, name)) {
      throw new Error(`Cannot make the part "${name}": expected one of ${Object.keys(PARTS).join(", ")}`);
    }
    nMade++;
    return `${start}\n${PARTS[name]!()}\n\n${end}`;
  });
  if (nMade !== nMarkers) throw new Error("Cannot make the parts of a page: a marker has no <!-- end -->");
  return made;
}

/**
 * Writes what each task is granted as a table; tasks that are granted the same share a row.
 *
 * @param commands Commands by the name of their task; those that run several programs are left out.
 */
export function permissionsTable(commands: Readonly<Record<string, string>>): string {
  const tasks = Object.entries(commands).filter(([, command]) => runsOneProgram(command));
  const rows = Map.groupBy(tasks, ([, command]) => grantsByKind(flagsOf(command)).map(cell).join(""));
  const lines = [...rows].map(([grants, tasks]) => `| ${tasks.map(([name]) => name).join(", ")} |${grants}`);
  return [`| task | ${GRANT_KINDS.join(" | ")} |`, `|---${"|---".repeat(GRANT_KINDS.length)}|`, ...lines]
    .join(
      "\n",
    );
}

/** Writes the formats as a table. */
function formatsTable(): string {
  const rows = Object.entries(FORMAT_NAMES).map(([name, doc]) => {
    const { endings, offsets, holds } = FORMATS[name as FormatName];
    const files = endings.length === 0 ? "a folder" : endings.map((ending) => `\`${ending}\``).join(" ");
    return `| \`${name}\` | ${doc} | ${files} | ${holds === "texts" ? OFFSET_NAMES[offsets] : ""} |`;
  });
  return ["| `format` | holds | files | places count |", "|---|---|---|---|", ...rows].join("\n");
}

const OFFSET_NAMES = { utf16: "UTF-16 code units", codepoints: "code points", bytes: "bytes of UTF-8" };

/** Writes the profiles of corpora, with the keys that each stands for, as a table. */
function corporaTable(): string {
  const rows = Object.entries(PROFILES).map(([name, { doc, keys }]) => {
    const values = Object.entries(keys).map(([key, value]) => `\`${key}: ${JSON.stringify(value)}\``);
    return `| \`${name}\` | ${doc.replaceAll("|", "\\|")} | ${values.join(", ")} |`;
  });
  return ["| `format` | corpus | keys |", "|---|---|---|", ...rows].join("\n");
}

/** Writes the schemes of files that are none of the six. */
function schemesTable(): string {
  const rows = Object.entries(MORE_SCHEMES).map(([name, doc]) => `| \`${name}\` | ${doc} |`);
  return ["| `scheme` | tags |", "|---|---|", ...rows].join("\n");
}

const cell = (text: string) => text === "" ? " |" : ` ${text} |`;

/** Whether a command is one call of deno, whose flags are all that it is granted. */
export function runsOneProgram(command: string): boolean {
  return /^deno (run|test) /.test(command) && !command.includes("&&");
}

/** All tasks with what deno.json says of them; those that take flags link to these. */
function tasksTable(): string {
  const lines = Object.entries(deno.tasks).map(([name, { description }]) => {
    const hasFlags = COMMAND_SPECS.some((spec) => spec.name === name);
    // As GitHub makes the anchor of the heading.
    const anchor = name.replaceAll(":", "");
    return `| ${hasFlags ? `[${name}](#${anchor})` : name} | ${description} |`;
  });
  return ["| `deno task …` | does |", "|---|---|", ...lines].join("\n");
}

/** What `--help` prints for each command, without the keys of an experiment, which have a page of their own. */
function flagsOfCommands(): string {
  return COMMAND_SPECS.map((spec) => {
    const [help] = formatHelp(spec).split("\n\nKeys of an experiment:");
    return `### ${spec.name}\n\n\`\`\`text\n${help}\n\`\`\``;
  }).join("\n\n");
}
