/** Who listens to progress: a bar on a terminal, lines elsewhere, a log file, nobody. */
import process from "node:process";
import cliProgress from "npm:cli-progress@3.12.0";
import type { Progress } from "../model/progress.ts";
import { followStages, formatStatus, type StageStatus } from "./progress_status.ts";

/** Shows or stores what a run tells about itself. */
export interface Reporter {
  /** Is passed to whatever computes. */
  report: Progress;
  /** Ends the bar or the file; to be called in a `finally`. */
  close: () => void;
}

/** A reporter that does nothing. */
export const SILENT_REPORTER: Reporter = { report: () => {}, close: () => {} };

/**
 * The reporter of a command: a bar if standard error is a terminal, else a line now and then; with a path also a
 * log file of JSON Lines.
 *
 * @param options `logPath`: the file that events are added to.
 * @throws Error if the log file cannot be opened.
 */
export function createReporter({ logPath }: { logPath?: string } = {}): Reporter {
  const shown = Deno.stderr.isTerminal() ? barReporter() : lineReporter();
  return logPath === undefined ? shown : joinReporters(shown, logReporter(logPath));
}

/** Passes every event on to several reporters. */
export function joinReporters(...reporters: Reporter[]): Reporter {
  return {
    report: (event) => reporters.forEach((reporter) => reporter.report(event)),
    close: () => reporters.forEach((reporter) => reporter.close()),
  };
}

/** The writable streams of Node that the bar can be drawn on. */
type BarStream = typeof process.stderr;

/**
 * Draws one bar a stage; a finished one stays on the screen.
 *
 * @param stream A terminal, by default standard error.
 * @param now The time in milliseconds.
 */
export function barReporter(stream: BarStream = process.stderr, now?: () => number): Reporter {
  const follow = followStages(now);
  let bar: ReturnType<typeof startBar> | undefined;
  let status: StageStatus;
  /** The status in one line of the terminal, as a bar that wraps cannot be drawn over: a shorter bar, then a cut. */
  const fitted = (columns: number) => {
    const over = formatStatus(status, 20).length - (columns - 1);
    return over <= 0
      ? formatStatus(status, 20)
      : formatStatus(status, Math.max(5, 20 - over)).slice(0, columns - 1);
  };
  const startBar = () => {
    const format = () => fitted(stream.columns ?? 100);
    // gracefulExit would take Ctrl-C away from the run, which stops at its next step and keeps its best weights.
    const terminal = {
      stream,
      linewrap: true,
      gracefulExit: false,
      hideCursor: false,
      clearOnComplete: true,
    };
    const started = new cliProgress.SingleBar({ ...terminal, format, fps: 10 });
    started.start(status.total, status.done);
    return started;
  };
  /** Takes the bar away and leaves a line in its place. */
  const replaceBar = (line: string) => {
    bar?.stop();
    bar = undefined;
    stream.write(line + "\n");
  };
  return {
    report(event) {
      const next = follow(event);
      if (next.isNew && bar) replaceBar(formatStatus(status, 20));
      status = next;
      if (next.message !== undefined) replaceBar(next.message);
      bar ??= startBar();
      bar.update(next.done);
      if (next.isFinished) replaceBar(formatStatus(next, 20));
    },
    close() {
      if (bar) replaceBar(formatStatus(status, 20));
    },
  };
}

/**
 * Prints a line when a stage begins and ends, and at most one every few seconds between.
 *
 * @param options `print`: where to; `now`: the time in milliseconds; `seconds`: the least time between two lines.
 */
export function lineReporter(
  { print = console.error, now = Date.now, seconds = 10 }: {
    print?: (line: string) => void;
    now?: () => number;
    seconds?: number;
  } = {},
): Reporter {
  const follow = followStages(now);
  let last = -Infinity;
  return {
    report(event) {
      const status = follow(event);
      if (status.message !== undefined) print(status.message);
      if (!status.isNew && !status.isFinished && now() - last < seconds * 1000) return;
      last = now();
      print(formatStatus(status));
    },
    close: () => {},
  };
}

/**
 * Adds every event to a file, one JSON object a line, with the time it came. What cannot be written is left out: a run
 * does not end for its log.
 *
 * @param path The file; it is made if it is not there.
 * @param now The time in milliseconds.
 * @throws Error if the file cannot be opened.
 */
export function logReporter(path: string, now: () => number = Date.now): Reporter {
  const file = Deno.openSync(path, { append: true, create: true, read: true });
  const encoder = new TextEncoder();
  // A run that was killed may have left half a line, and so may one whose disk is full.
  let isOpen = true, isLineWhole = endsLine(file);
  return {
    report(event) {
      const line = JSON.stringify({ time: new Date(now()).toISOString(), ...event });
      const bytes = encoder.encode((isLineWhole ? "" : "\n") + line + "\n");
      try {
        isLineWhole = file.writeSync(bytes) === bytes.length;
      } catch {
        isLineWhole = false;
      }
    },
    close() {
      if (isOpen) file.close();
      isOpen = false;
    },
  };
}

function endsLine(file: Deno.FsFile): boolean {
  if (file.statSync().size === 0) return true;
  file.seekSync(-1, Deno.SeekMode.End);
  const last = new Uint8Array(1);
  file.readSync(last);
  return last[0] === 0x0a;
}
