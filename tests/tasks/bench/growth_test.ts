import { assert, assertEquals } from "@std/assert";
import { GROWTH_PARTS, growthPoints } from "../../../tasks/bench/growth.ts";
import { formatGrowth, growthFile, growthMarkdown } from "../../../tasks/bench/growth_table.ts";
import { MEASURED } from "./measured.ts";

const OPTIONS = { size: "tiny", engine: "onnx", steps: 2, cores: 6 } as const;

Deno.test("growthPoints() varies one thing in each part and leaves all else as it is", () => {
  const KEYS = {
    words: ["sentences"],
    length: ["length", "sentences"],
    labelWidth: ["labelWidth"],
    types: ["types"],
    cores: ["threads"],
  };
  for (const part of GROWTH_PARTS) {
    const points = growthPoints(part, OPTIONS);
    const varied = Object.keys(points[0]!.request).filter((key) =>
      new Set(points.map(({ request }) => request[key as keyof typeof request])).size > 1
    );
    const systems = part === "labelWidth" ? [] : ["system"];
    assertEquals(varied.sort(), [...KEYS[part], ...systems].sort(), part);
  }
  const words = growthPoints("length", OPTIONS).map(({ request }) => request.sentences * request.length);
  assertEquals(new Set(words), new Set([800]));
});

Deno.test("growthPoints() gives the cores to one session, or shares them among several", () => {
  const points = growthPoints("cores", OPTIONS).filter(({ request }) => request.system === "laner");
  assertEquals(points.map(({ value, sessions, request }) => [value, sessions, request.threads]), [
    ["1 session of 1 thread", 1, 1],
    ["1 session of 2 threads", 1, 2],
    ["1 session of 4 threads", 1, 4],
    ["1 session of 6 threads", 1, 6],
    ["2 sessions of 3 threads", 2, 3],
    ["4 sessions of 1 thread", 4, 1],
    ["6 sessions of 1 thread", 6, 1],
  ]);
  assertEquals(growthPoints("cores", { ...OPTIONS, cores: 1 }).length, 2);
});

Deno.test("formatGrowth() writes medians of all rounds, by word or by batch", () => {
  const rounds = [{ steps: [10, 400], peakMegabytes: 100 }, { steps: [20], peakMegabytes: 300 }];
  const words = growthPoints("words", OPTIONS).slice(0, 2).map((point) => ({ ...point, rounds }));
  assertEquals(
    formatGrowth({ part: "words", engine: "some", rows: words }).split("\n").at(-1)!.split(/ *\| */),
    [
      "",
      "128",
      "20.0 ms",
      "156 µs",
      "200 MB",
      "20.0 ms",
      "156 µs",
      "200 MB",
      "",
    ],
  );
  const two = growthPoints("cores", OPTIONS).filter(({ sessions, request }) =>
    sessions === 2 && request.system === "laner"
  );
  const cores = { part: "cores", engine: "some", rows: two.map((point) => ({ ...point, rounds })) } as const;
  // Two batches in 20 ms.
  assert(formatGrowth(cores).includes(" 100.00 |"), formatGrowth(cores));
  const text = growthMarkdown({ ...MEASURED, results: cores });
  assert(text.includes("Taken on 2027-01-31 on 2 cores of Some CPU"), text);
  assert(text.endsWith("some, encoder of the size tiny."), text);
});

Deno.test("growthFile() names the file of a part", () => {
  assertEquals(GROWTH_PARTS.map(growthFile).slice(1, 3), ["growth_length.json", "growth_label_width.json"]);
});
