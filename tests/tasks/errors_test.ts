import { assertEquals } from "@std/assert";
import { errorMessage, nearestName } from "../../tasks/errors.ts";

Deno.test("nearestName() gives the name that was probably meant", () => {
  const names = ["epochs", "patience", "batchSize", "learningRate"];
  for (
    const [written, meant] of [
      ["epoch", "epochs"],
      ["Epochs", "epochs"],
      ["batch_size", "batchSize"],
      ["learnigRate", "learningRate"],
      ["patince", "patience"],
      ["momentum", undefined],
      ["", undefined],
    ]
  ) assertEquals(nearestName(written!, names), meant);
});

Deno.test("nearestName() prefers the closest of several", () => {
  assertEquals(nearestName("targes", ["tagger", "targets", "target"]), "targets");
  assertEquals(
    nearestName("laner-without-label-contxt", ["laner", "laner-without-label-context"]),
    "laner-without-label-context",
  );
});

Deno.test("errorMessage() leaves out what is not known and keeps what is, falsy values included", () => {
  assertEquals(
    errorMessage({ act: "read", subject: "a.txt", rule: "must exist" }),
    'Cannot read "a.txt": must exist',
  );
  assertEquals(
    errorMessage({
      act: "use",
      subject: "k",
      place: "a.yaml",
      rule: "expected 1",
      value: 0,
      suggestion: "n",
    }),
    'Cannot use "k" at a.yaml: expected 1, current value is 0 (did you mean "n"?)',
  );
  assertEquals(
    errorMessage({ act: "use", subject: "k", rule: "expected text", value: null }),
    'Cannot use "k": expected text, current value is null',
  );
});

Deno.test("errorMessage() is one line of bounded length, whatever a name or value holds", () => {
  const parts = {
    act: "use",
    subject: "a\nb\u0085",
    place: "c\0.yaml",
    rule: "must be d\re",
    value: "f\x7f",
  };
  assertEquals(
    errorMessage(parts),
    'Cannot use "a\\u000ab\\u0085" at c\\u0000.yaml: must be d\\u000de, current value is "f\\u007f"',
  );
  const long = "x".repeat(1_000_000);
  const message = errorMessage({ act: "use", subject: long, place: long, rule: long, value: long });
  assertEquals(message.length < 3000, true);
});
