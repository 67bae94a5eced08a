/** The progress of a stage: the state that bars, lines and logs share, and its one-line text. */
import type { ProgressEvent } from "../../model/training/progress.ts";

/** The state of a stage after its newest event. */
export interface StageStatus extends ProgressEvent {
  /** The newest value of every measurement of the stage so far. */
  metrics: Readonly<Record<string, number>>;
  /** Seconds since the stage's first event. */
  elapsed: number;
  /** Steps a second since the first event; undefined before the first step. */
  rate?: number | undefined;
  /** Seconds left at this rate; undefined before the first step. */
  left?: number | undefined;
  /** True if this is the stage's first event. */
  isNew: boolean;
  /** True if all steps are done. */
  isFinished: boolean;
}

/**
 * Follows the events of a run.
 *
 * @param now Returns the time in milliseconds; tests pass a clock of their own.
 * @returns A function that takes each event and returns the status after it.
 */
export function followStages(now: () => number = Date.now): (event: ProgressEvent) => StageStatus {
  let stage: string | undefined;
  let start = 0;
  let doneAtStart = 0;
  let stepsStart = 0;
  let metrics: Readonly<Record<string, number>> = {};
  let hasSteps = false;
  return (event) => {
    const isNew = event.stage !== stage;
    if (isNew) [stage, start, metrics, hasSteps] = [event.stage, now(), {}, false];
    // A resumed stage begins in the middle, so its rate counts from there. A mere message is not a step.
    if (!hasSteps) [doneAtStart, stepsStart] = [event.done, now()];
    hasSteps ||= event.message === undefined;
    metrics = { ...metrics, ...event.metrics };
    const elapsed = (now() - start) / 1000;
    const steps = event.done - doneAtStart;
    const seconds = (now() - stepsStart) / 1000;
    const rate = steps > 0 && seconds > 0 ? steps / seconds : undefined;
    const left = rate && (event.total - event.done) / rate;
    const isFinished = event.done >= event.total;
    return { ...event, metrics, elapsed, rate, left, isNew, isFinished };
  };
}

/**
 * Writes a status as one line: stage, bar, epoch, measurements, rate and time left.
 *
 * @param status The status.
 * @param barWidth Cells of the bar; 0 writes a percentage instead.
 */
export function formatStatus(status: StageStatus, barWidth = 0): string {
  const { stage, done, total, epoch, epochs, metrics, rate, left, elapsed, isFinished } = status;
  const share = total > 0 ? Math.min(1, done / total) : 1;
  const filled = Math.round(share * barWidth);
  const percent = `${Math.floor(share * 100)} %`;
  const parts = [
    stage,
    barWidth > 0 ? "█".repeat(filled) + "░".repeat(barWidth - filled) : percent,
    epoch === undefined ? "" : `epoch ${epoch}${epochs === undefined ? "" : `/${epochs}`}`,
    ...Object.entries(metrics).map(([name, value]) => `${spacedName(name)} ${formatNumber(value)}`),
    rate === undefined ? "" : `${formatNumber(rate)} steps/s`,
    isFinished ? `took ${formatSeconds(elapsed)}` : left === undefined ? "" : `${formatSeconds(left)} left`,
  ];
  return parts.filter((part) => part !== "").join("  ");
}

/** Writes seconds like a clock: "7 s", "1:05 min", "2:03:04 h". */
export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, "0");
  if (h > 0) return `${h}:${two(m)}:${two(s)} h`;
  return m > 0 ? `${m}:${two(s)} min` : `${s} s`;
}

/** Splits a name into words: "devF1" becomes "dev F1". */
function spacedName(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, "$1 $2").replace(
    / ([A-Z])(?=[a-z])/g,
    (_, letter) => ` ${letter.toLowerCase()}`,
  );
}

function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 10
    ? value.toFixed(1)
    : Math.abs(value) >= 1
    ? value.toFixed(2)
    : value.toFixed(4);
}
