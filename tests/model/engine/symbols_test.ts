import { assertEquals, assertThrows } from "@std/assert";
import { createSymbols, lengthOf } from "../../../model/engine/symbols.ts";

const isPrime = (n: number) => {
  for (let i = 2; i * i <= n; i++) if (n % i === 0) return false;
  return n > 1;
};

Deno.test("createSymbols() gives every axis a prime of its own", () => {
  const axes = Array.from({ length: 32 }, (_, i) => `axis${i}`);
  const symbols = createSymbols(axes, []);
  const sizes = axes.map(symbols.sizeOf);
  assertEquals(new Set(sizes).size, 32);
  assertEquals(sizes.filter((size) => !isPrime(size)), []);
});

Deno.test("read() takes a size apart into a factor and axes, when an axis occurs twice and when none does", () => {
  const symbols = createSymbols(["B", "N", "P"], [768, 12]);
  const B = symbols.sizeOf("B");
  const N = symbols.sizeOf("N");
  const P = symbols.sizeOf("P");
  assertEquals(symbols.read(B), { factor: 1, axes: ["B"] });
  assertEquals(symbols.read(12 * N * B), { factor: 12, axes: ["B", "N"] });
  assertEquals(symbols.read(B * N * P * 768), { factor: 768, axes: ["B", "N", "P"] });
  assertEquals(symbols.read(N * N * 2), { factor: 2, axes: ["N", "N"] });
  for (const size of [0, 1, 768]) assertEquals(symbols.read(size), { factor: size, axes: [] });
});

Deno.test("createSymbols() leaves out primes that divide a size that occurs", () => {
  const { sizeOf } = createSymbols(["a", "b"], []);
  const first = sizeOf("a");
  const sizes = [3 * first, 0];
  const symbols = createSymbols(["a"], sizes);
  assertEquals(symbols.sizeOf("a"), sizeOf("b"));
  assertEquals(symbols.read(3 * first), { factor: 3 * first, axes: [] });
});

Deno.test("createSymbols() refuses more axes than it has primes", () => {
  const axes = Array.from({ length: 33 }, (_, i) => `axis${i}`);
  assertThrows(() => createSymbols(axes, []), Error, "Cannot record 33 varying axes: at most 32");
});

Deno.test("sum() gives sums of sizes an axis of their own, whose length follows from the others", () => {
  const { sizeOf, read, sum, sums } = createSymbols(["a", "b"], []);
  const [a, b] = [sizeOf("a"), sizeOf("b")];
  const both = sum([a, 2 * b, 5]);
  assertEquals(sum([a, 2 * b, 5]), both);
  const [axis] = read(both).axes;
  assertEquals(read(3 * both), { factor: 3, axes: [axis] });
  const lengths = new Map([["a", 7], ["b", 4]]);
  const parts = sums.get(axis!)!.map((part) => lengthOf(part, lengths));
  assertEquals(parts, [7, 8, 5]);
});
