/** Downloads from an address to a path, and prints what came and the peak memory in MiB. */
import { download } from "../../tasks/files/download.ts";
import { createAsk } from "../../tasks/files/http.ts";

const address = Deno.args[0]!;
const path = Deno.args[1]!;
const done = await download(new URL(address), path, { ask: createAsk(), label: "file", report() {} });
const [, peak] = /VmHWM:\s*(\d+) kB/.exec(await Deno.readTextFile("/proc/self/status"))!;
console.log(JSON.stringify({ ...done, peakMiB: Number(peak) / 1024 }));
