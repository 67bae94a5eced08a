/** Runs `deno task evaluate` with the arguments it is given, and prints what came out and its peak memory in MiB. */
import { EVALUATE, evaluate } from "../../tasks/evaluate.ts";
import { runForTest } from "./run_command.ts";

const { code, errors } = await runForTest(EVALUATE, evaluate, Deno.args);
const [, peak] = /VmHWM:\s*(\d+) kB/.exec(await Deno.readTextFile("/proc/self/status"))!;
console.log(JSON.stringify({ code, errors, peakMiB: Number(peak) / 1024 }));
