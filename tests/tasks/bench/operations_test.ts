import { assertEquals } from "@std/assert";
import { linearOperations, stepOperations } from "../../../tasks/bench/operations.ts";
import { TINY_BERT } from "../../model/tiny.ts";

const H = 2;
const CONFIG = { ...TINY_BERT, hiddenWidth: H, feedForwardWidth: 3, nLayers: 2 };

Deno.test("stepOperations() counts the products of the encoder, its linear layers alone too, of attention and of the tagger's head", () => {
  const nPieces = 5;
  const nWords = 4;
  // By product: [m, k] [k, n] is 2mkn.
  const product = (m: number, k: number, n: number) => 2 * m * k * n;
  const projections = 4 * product(nPieces, H, H);
  const feedForward = product(nPieces, H, 3) + product(nPieces, 3, H);
  const attention = product(nPieces, H, nPieces) + product(nPieces, nPieces, H);
  const output = product(nWords, H, 7);
  const forward = 2 * (projections + feedForward + attention) + output;
  const count = (n: number) =>
    stepOperations(
      CONFIG,
      { nTags: 7, labelWidth: null },
      Array.from({ length: n }, () => ({ nPieces, nWords })),
    );
  assertEquals([count(1), count(3)], [3 * forward, 9 * forward]);
  assertEquals(linearOperations(CONFIG, [{ nPieces, nWords }]), 3 * 2 * (projections + feedForward));
});

Deno.test("stepOperations() counts LANER's products word by word", () => {
  const D = 3;
  const K = 7;
  const nWords = 3;
  const size = { nPieces: 1, nWords };
  const encoder = stepOperations(CONFIG, { nTags: 0, labelWidth: null }, [size]);
  let forward = 0;
  for (let word = 1; word <= nWords; word++) {
    forward += 2 * 2 * D * H; // Eq. 4
    forward += 2 * nWords * H + 2 * nWords * H; // Eq. 5 and 6
    forward += 2 * 2 * H * 2 * D; // Eq. 7
    forward += 2 * word * 2 * D + 2 * word * 2 * D; // Eq. 8: weights and sum over the tags before
    forward += 2 * (2 * H + 2 * D) * K; // Eq. 9 and 10
  }
  assertEquals(stepOperations(CONFIG, { nTags: K, labelWidth: D }, [size]) - encoder, 3 * forward);
});
