import { assertEquals, assertThrows } from "@std/assert";
import { tagAgreement } from "../../../data/scores/tag_agreement.ts";

Deno.test("tagAgreement() counts equal tags word by word", () => {
  const cases: [a: string[][], b: string[][], nWords: number, nEqual: number, share: number][] = [
    [[["O", "B-x"], ["O"]], [["O", "B-x"], ["O"]], 3, 3, 1],
    [[["O", "B-x"], ["O"]], [["O", "I-x"], ["B-x"]], 3, 1, 1 / 3],
    // Equal tags at other words are none.
    [[["O", "B-x"]], [["B-x", "O"]], 2, 0, 0],
    [[[], []], [[], []], 0, 0, 1],
    [[], [], 0, 0, 1],
  ];
  for (const [a, b, nWords, nEqual, share] of cases) {
    assertEquals(tagAgreement(a, b), { nWords, nEqual, share });
    assertEquals(tagAgreement(b, a), { nWords, nEqual, share });
  }
});

Deno.test("tagAgreement() refuses predictions of other words", () => {
  assertThrows(
    () => tagAgreement([["O"]], [["O"], ["O"]]),
    Error,
    "Cannot compare predictions of 1 and 2 sentences",
  );
  assertThrows(
    () => tagAgreement([["O"], ["O"]], [["O"], ["O", "O"]]),
    Error,
    "Cannot compare predictions: sentence 2 has 1 and 2 words",
  );
});
