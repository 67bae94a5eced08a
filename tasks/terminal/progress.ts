/** Reporters of progress: a bar on a terminal, lines elsewhere, a log file, or nothing. */
import process from "node:process";
import cliProgress from "npm:cli-progress@3.12.0";
import { printable, printableLine } from "../../data/text/printable.ts";
import type { ProgressEvent } from "../../model/training/progress.ts";
import { followStages, formatStatus, type StageStatus } from "./progress_status.ts";

/** An event of a stage, with the number of the parallel job that runs it, from 0. Default: 0. */
export interface JobEvent extends ProgressEvent {
  job?: number;
}

/** Shows or stores the progress of a run. */
export interface Reporter {
  /** Receives the events of a computation. */
  report: (event: JobEvent) => void;
  /** Shows a line that belongs to no stage. */
  say: (line: string) => void;
  /** Ends the bar or the file; to be called in a `finally`. */
  close: () => void;
}

/** A reporter that does nothing. */
export const SILENT_REPORTER: Reporter = { report: () => {}, say: () => {}, close: () => {} };

/**
 * Creates the reporter of a command: a bar if standard error is a terminal, else a line from time to time; with a path
 * also a log file of JSON Lines.
 *
 * @param options `logPath`: the file to append events to.
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
    say: (line) => reporters.forEach((reporter) => reporter.say(line)),
    close: () => reporters.forEach((reporter) => reporter.close()),
  };
}

/** The writable streams of Node that the bar can be drawn on. */
type BarStream = typeof process.stderr;

/**
 * Draws a bar for the current stage of each job; a finished one stays on the screen as a line.
 *
 * @param stream A terminal, by default standard error.
 * @param now The time in milliseconds.
 */
export function barReporter(stream: BarStream = process.stderr, now?: () => number): Reporter {
  const follow = followJobs(now);
  /** The current stage of each job. */
  const running = new Map<number, StageStatus>();
  let bars: { all: cliProgress.MultiBar; ofJob: Map<number, cliProgress.SingleBar> } | null = null;
  /**
   * Fits a status into one line of the terminal by a shorter bar, then by a cut: a bar that wraps cannot be drawn over.
   */
  const fitted = (status: StageStatus, columns: number) => {
    const over = formatStatus(status, 20).length - (columns - 1);
    return over <= 0
      ? formatStatus(status, 20)
      : formatStatus(status, Math.max(5, 20 - over)).slice(0, columns - 1);
  };
  // gracefulExit would take Ctrl-C from the run, which stops at its next step and keeps its best weights.
  const terminal = { stream, linewrap: true, gracefulExit: false, hideCursor: false, clearOnComplete: true };
  const startBars = () => ({ all: new cliProgress.MultiBar({ ...terminal, fps: 10 }), ofJob: new Map() });
  const draw = () => {
    bars ??= startBars();
    for (const [job, { total, done }] of running) {
      const bar = bars.ofJob.get(job);
      if (bar) bar.update(done);
      else {
        const format = () => fitted(running.get(job)!, stream.columns ?? 100);
        bars.ofJob.set(job, bars.all.create(total, done, {}, { format }));
      }
    }
  };
  /** Removes the bars and leaves a line in their place. */
  const leaveLine = (line: string) => {
    bars?.all.stop();
    bars = null;
    stream.write(printable(line) + "\n");
  };
  return {
    report(event) {
      const { job = 0 } = event;
      const before = running.get(job);
      const status = follow(event);
      if (status.isNew && before) leaveLine(formatStatus(before, 20));
      if (status.message !== undefined) leaveLine(status.message);
      if (status.isFinished) {
        running.delete(job);
        leaveLine(formatStatus(status, 20));
      } else running.set(job, status);
      if (running.size > 0) draw();
    },
    say: leaveLine,
    close() {
      for (const status of running.values()) leaveLine(formatStatus(status, 20));
      running.clear();
    },
  };
}

/** Follows the stages of each job; makes their names and messages safe to print in one line of a terminal. */
function followJobs(now?: () => number): (event: JobEvent) => StageStatus {
  const jobs = new Map<number, ReturnType<typeof followStages>>();
  return ({ job = 0, ...event }) => {
    const follow = jobs.get(job) ?? followStages(now);
    const { message } = event;
    jobs.set(job, follow);
    return follow({
      ...event,
      stage: printableLine(event.stage),
      ...(message === undefined ? {} : { message: printableLine(message) }),
    });
  };
}

/**
 * Prints a line when a stage begins and ends, and at most one every few seconds in between.
 *
 * @param options `print`: prints a line; `now`: returns the time in milliseconds; `seconds`: the least time between two
 * lines.
 */
export function lineReporter(
  { print = console.error, now = Date.now, seconds = 10 }: {
    print?: (line: string) => void;
    now?: () => number;
    seconds?: number;
  } = {},
): Reporter {
  const follow = followJobs(now);
  const last = new Map<number, number>();
  return {
    report(event) {
      const status = follow(event);
      const { job = 0 } = event;
      if (status.message !== undefined) print(status.message);
      const isSoon = now() - (last.get(job) ?? -Infinity) < seconds * 1000;
      if (!status.isNew && !status.isFinished && isSoon) return;
      last.set(job, now());
      print(formatStatus(status));
    },
    say: (line) => print(printable(line)),
    close: () => {},
  };
}

/**
 * Appends every event to a file with its time, one JSON object a line. Failures to write are ignored: a run does not
 * end because of its log.
 *
 * @param path The file; it is made if it does not exist.
 * @param now The time in milliseconds.
 * @throws Error if the file cannot be opened.
 */
export function logReporter(path: string, now: () => number = Date.now): Reporter {
  const file = Deno.openSync(path, { append: true, create: true, read: true });
  const encoder = new TextEncoder();
  // A run that was killed, or whose disk is full, may have left half a line.
  let isOpen = true;
  let isLineWhole = endsLine(file);
  return {
    report(event) {
      const line = printable(JSON.stringify({ time: new Date(now()).toISOString(), ...event }));
      const bytes = encoder.encode((isLineWhole ? "" : "\n") + line + "\n");
      try {
        isLineWhole = file.writeSync(bytes) === bytes.length;
      } catch {
        isLineWhole = false;
      }
    },
    say: () => {},
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
