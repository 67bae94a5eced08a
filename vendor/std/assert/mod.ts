/**
 * The part of `jsr:@std/assert` that the tests use, over `node:assert`, for machines that reach npm but not
 * JSR. Same names, arguments and meaning; remove the `links` entry of deno.json to use the original.
 */
import assert from "node:assert/strict";
import { inspect, isDeepStrictEqual } from "node:util";

/** Throws unless `value` is truthy. */
export function assertTrue(value: unknown, message?: string): asserts value {
  assert.ok(value, message);
}
export { assertTrue as assert };

/** Throws unless both values are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  if (isDeepStrictEqual(actual, expected)) return;
  // Not node's own diff, whose time and memory grow with the square of the values' size.
  const show = (value: unknown) => inspect(value, { depth: 6, maxArrayLength: 40, maxStringLength: 2000 });
  assert.fail(
    `${message ? `${message}: ` : ""}values are not equal\n  actual:   ${show(actual)}\n  expected: ${
      show(expected)
    }`,
  );
}

/** Throws if both values are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  if (!isDeepStrictEqual(actual, expected)) return;
  assert.fail(message ?? "values are equal");
}

/** Throws unless |actual - expected| is within `tolerance` (default 1e-7 of |expected|). */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance = Math.abs(expected) * 1e-7,
  message?: string,
): void {
  if (Object.is(actual, expected)) return;
  assert.ok(
    Math.abs(actual - expected) <= tolerance,
    message ?? `expected ${expected} within ${tolerance}, got ${actual}`,
  );
}

/** Throws unless `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, message?: string): void {
  assert.ok(actual.includes(expected), message ?? `expected "${actual}" to contain "${expected}"`);
}

/** Throws unless `actual` matches the pattern. */
export function assertMatch(actual: string, expected: RegExp, message?: string): void {
  assert.match(actual, expected, message);
}

// deno-lint-ignore no-explicit-any
type ErrorClass<E extends Error> = new (...args: any[]) => E;

function check<E extends Error>(
  error: unknown,
  kind?: ErrorClass<E>,
  includes?: string,
  message?: string,
): E {
  if (kind) assert.ok(error instanceof kind, message ?? `expected ${kind.name}, got ${error}`);
  if (includes !== undefined) assertStringIncludes((error as Error).message, includes, message);
  return error as E;
}

const NOTHING_THROWN = Symbol();

/** Runs `fn`, which must throw; returns what it threw. */
export function assertThrows(fn: () => unknown, message?: string): unknown;
/** Runs `fn`, which must throw an error of a class, with a text in its message; returns it. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  kind: ErrorClass<E>,
  includes?: string,
  message?: string,
): E;
export function assertThrows<E extends Error>(
  fn: () => unknown,
  kind?: ErrorClass<E> | string,
  includes?: string,
  message?: string,
): unknown {
  let thrown: unknown = NOTHING_THROWN;
  try {
    fn();
  } catch (error) {
    thrown = error;
  }
  if (typeof kind === "string") [kind, message] = [undefined, kind];
  assert.notEqual(thrown, NOTHING_THROWN, message ?? "expected an error, none was thrown");
  return check(thrown, kind, includes, message);
}

/** Awaits what `fn` returns, which must reject; returns what it rejected with. */
export function assertRejects(fn: () => PromiseLike<unknown>, message?: string): Promise<unknown>;
/** Awaits what `fn` returns, which must reject with an error of a class, with a text in its message; returns it. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  kind: ErrorClass<E>,
  includes?: string,
  message?: string,
): Promise<E>;
export async function assertRejects<E extends Error>(
  fn: () => PromiseLike<unknown>,
  kind?: ErrorClass<E> | string,
  includes?: string,
  message?: string,
): Promise<unknown> {
  let thrown: unknown = NOTHING_THROWN;
  // A function that throws before it returns a promise does not reject.
  const promise = fn();
  try {
    await promise;
  } catch (error) {
    thrown = error;
  }
  if (typeof kind === "string") [kind, message] = [undefined, kind];
  assert.notEqual(thrown, NOTHING_THROWN, message ?? "expected a rejection, none came");
  return check(thrown, kind, includes, message);
}
