import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import process from "node:process";
import { Writable } from "node:stream";
import {
  barReporter,
  joinReporters,
  lineReporter,
  logReporter,
  SILENT_REPORTER,
} from "../../../tasks/terminal/progress.ts";
import { followStages, formatSeconds, formatStatus } from "../../../tasks/terminal/progress_status.ts";
import { systemError } from "../../file_operations.ts";
import { withFolder } from "../../temporary_folder.ts";

/** A clock that stands still until it is set. */
function createClock() {
  let time = 0;
  return { now: () => time, set: (seconds: number) => void (time = seconds * 1000) };
}

Deno.test("followStages() computes rate and time left from the stage's own beginning", () => {
  const clock = createClock();
  const follow = followStages(clock.now);
  clock.set(100);
  assertEquals(follow({ stage: "train", done: 20, total: 100 }).left, undefined);
  clock.set(110);
  const resumed = follow({ stage: "train", done: 40, total: 100 });
  assertEquals([resumed.rate, resumed.left, resumed.elapsed, resumed.isNew], [2, 30, 10, false]);
  const next = follow({ stage: "score", done: 0, total: 5 });
  assertEquals([next.elapsed, next.rate, next.isNew, next.isFinished], [0, undefined, true, false]);
});

Deno.test("followStages() counts steps from the first one, not from a message before it", () => {
  const clock = createClock();
  const follow = followStages(clock.now);
  clock.set(100);
  follow({ stage: "train", done: 0, total: 1, message: "goes on from its checkpoint" });
  clock.set(104);
  assertEquals(follow({ stage: "train", done: 60, total: 100 }).rate, undefined);
  clock.set(109);
  const { rate, left, elapsed } = follow({ stage: "train", done: 70, total: 100 });
  assertEquals([rate, left, elapsed], [2, 15, 9]);
});

Deno.test("followStages() keeps measurements until newer ones come, but not into the next stage", () => {
  const follow = followStages(() => 0);
  follow({ stage: "train", done: 1, total: 3, metrics: { loss: 2, devF1: 50 } });
  assertEquals(follow({ stage: "train", done: 2, total: 3, metrics: { loss: 1 } }).metrics, {
    loss: 1,
    devF1: 50,
  });
  assertEquals(follow({ stage: "score", done: 0, total: 1 }).metrics, {});
});

Deno.test("formatStatus() writes stage, bar, epoch, measurements, rate and time left", () => {
  const clock = createClock();
  const follow = followStages(clock.now);
  follow({ stage: "train ai", done: 0, total: 8 });
  clock.set(4);
  const event = {
    stage: "train ai",
    done: 2,
    total: 8,
    epoch: 1,
    epochs: 4,
    metrics: { loss: 0.12345, devF1: 55.84 },
  };
  assertEquals(
    formatStatus(follow(event), 8),
    "train ai  ██░░░░░░  epoch 1/4  loss 0.1235  dev F1 55.8  0.5000 steps/s  12 s left",
  );
  assertStringIncludes(formatStatus(follow(event)), "25 %");
  clock.set(16);
  assertStringIncludes(formatStatus(follow({ stage: "train ai", done: 8, total: 8 })), "took 16 s");
});

Deno.test("formatStatus() survives a stage without steps and a loss that is no number", () => {
  const follow = followStages(() => 0);
  const text = formatStatus(follow({ stage: "s", done: 0, total: 0, metrics: { loss: NaN } }));
  assertStringIncludes(text, "100 %");
  assertStringIncludes(text, "loss NaN");
});

Deno.test("formatSeconds() reads like a clock", () => {
  assertEquals([0.4, 59.4, 59.6, 65, 3599.6, 7384].map(formatSeconds), [
    "0 s",
    "59 s",
    "1:00 min",
    "1:05 min",
    "1:00:00 h",
    "2:03:04 h",
  ]);
});

Deno.test("lineReporter() prints the beginning, the end and little between", () => {
  const clock = createClock();
  const lines: string[] = [];
  const { report } = lineReporter({ print: (line) => lines.push(line), now: clock.now, seconds: 10 });
  for (let done = 0; done <= 30; done++) {
    clock.set(done);
    report({ stage: "train", done, total: 30, ...(done === 5 ? { message: "best so far" } : {}) });
  }
  assertEquals(lines.map((line) => line.match(/\d+ %/)?.[0] ?? line), [
    "0 %",
    "best so far",
    "33 %",
    "66 %",
    "100 %",
  ]);
});

Deno.test("logReporter() adds one JSON object a line and joinReporters() passes everything on", async () => {
  const path = await Deno.makeTempFile();
  try {
    // The end of a line is missing, as a run that was killed may leave it.
    await Deno.writeTextFile(path, '{"kept":true}');
    const reporter = joinReporters(logReporter(path, () => 0), SILENT_REPORTER);
    reporter.report({ stage: "train", done: 1, total: 2, metrics: { loss: 0.5 } });
    reporter.report({ stage: "train", done: 2, total: 2 });
    reporter.close();
    reporter.close();
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(lines, [
      { kept: true },
      { time: "1970-01-01T00:00:00.000Z", stage: "train", done: 1, total: 2, metrics: { loss: 0.5 } },
      { time: "1970-01-01T00:00:00.000Z", stage: "train", done: 2, total: 2 },
    ]);
  } finally {
    await Deno.remove(path);
  }
});

Deno.test("logReporter() does not end a run when the disk is full, and begins a new line when it no longer is", () =>
  withFolder(async (folder) => {
    const path = join(folder, "progress.jsonl");
    const prototype = Deno.FsFile.prototype;
    const { writeSync } = prototype;
    const reporter = logReporter(path, () => 0);
    reporter.report({ stage: "a", done: 1, total: 3 });
    try {
      // Half a line, as a disk that fills up takes it.
      prototype.writeSync = function (bytes) {
        writeSync.call(this, bytes.subarray(0, 20));
        throw systemError("ENOSPC");
      };
      reporter.report({ stage: "a", done: 2, total: 3 });
    } finally {
      prototype.writeSync = writeSync;
    }
    reporter.report({ stage: "a", done: 3, total: 3 });
    reporter.close();
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    assertEquals([lines.length, JSON.parse(lines[0]!).done, JSON.parse(lines[2]!).done], [3, 1, 3]);
  }));

/** A terminal, and what was written to it. */
function createTerminal() {
  let written = "";
  const stream = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        written += chunk;
        done();
      },
    }),
    { isTTY: true, columns: 120 },
  ) as unknown as typeof process.stderr;
  return { stream, written: () => written };
}

Deno.test("barReporter() leaves one line a stage, also for one that ended early, and no timer", () => {
  const { stream, written } = createTerminal();
  const reporter = barReporter(stream, () => 0);
  reporter.report({ stage: "one", done: 0, total: 2 });
  reporter.report({ stage: "one", done: 1, total: 2, message: "best so far" });
  reporter.report({ stage: "two", done: 2, total: 2 });
  reporter.report({ stage: "three", done: 1, total: 2 });
  reporter.close();
  const lines = written().split("\n").slice(0, -1);
  assertEquals(lines.length, 4);
  for (const [i, text] of ["best so far", "one", "two", "three"].entries()) {
    assert(lines[i]!.includes(text), lines[i]);
  }
});

Deno.test("barReporter() follows the stages of each job, and leaves lines as they end", () => {
  const clock = createClock();
  const { stream, written } = createTerminal();
  const reporter = barReporter(stream, clock.now);
  for (const [job, stage, done] of [[0, "one", 0], [1, "two", 0], [0, "one", 1], [1, "two", 3]] as const) {
    reporter.report({ job, stage, done, total: 3 });
    clock.set(10 * (done + 1));
  }
  reporter.say("stopping");
  reporter.report({ job: 1, stage: "three", done: 0, total: 3 });
  reporter.close();
  const lines = written().split("\n").map((line) =>
    line.match(/(one|two|three|stopping).*?(took.*|left|$)/)?.[0]
  );
  assertEquals(lines.map((line) => line?.replace(/ +[█░]+/, "")), [
    "two  0.3000 steps/s  took 10 s",
    "stopping",
    "one  0.1000 steps/s  20 s left",
    "three",
    undefined,
  ]);
});

Deno.test("reporters show names and messages of stages in one line without what a terminal obeys", () => {
  const event = { stage: "a\x1b[2J\u202e\nb", done: 1, total: 2, message: "c\x9b2J\nd" };
  const { stream, written } = createTerminal();
  const lines: string[] = [];
  const bar = barReporter(stream, () => 0);
  for (const reporter of [lineReporter({ print: (line) => lines.push(line) }), bar]) {
    reporter.report(event);
    reporter.say("e\x1b[2J\u2066");
    reporter.close();
  }
  for (const shown of [lines.join("\n"), written()]) {
    for (const part of ["a\\u001b[2J\\u202e\\u000ab", "c\\u009b2J\\u000ad", "e\\u001b[2J\\u2066"]) {
      assertStringIncludes(shown, part);
    }
    // deno-lint-ignore no-control-regex
    assertEquals(shown.match(/\x1b\[2J|[\x80-\x9f\u202e\u2066]/g), null);
  }
});
