import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { readProfile } from "../../../tasks/config/read_profile.ts";
import { planProfile } from "../../../tasks/plan/plan.ts";
import { withFolder } from "../../temporary_folder.ts";
import { factorsIn, isRefusal, pairwise, refusedIn, writeInputs } from "../configurations.ts";

Deno.test("pairwise() lets every two values meet", () => {
  const factors = { a: [["a1"], ["a2"], ["a3"]], b: [["b1"], ["b2"]], c: [["c1"], ["c2"], []] };
  const combinations = pairwise(factors);
  for (const [one, other] of [["a", "b"], ["b", "c"], ["a", "c"]] as const) {
    for (const [left] of factors[one]) {
      for (const [right = "none"] of factors[other]) {
        const meet = combinations.some((combination) =>
          combination.includes(left!) &&
          (right === "none" ? !combination.some((text) => text.startsWith("c")) : combination.includes(right))
        );
        assert(meet, `${left} ${right}`);
      }
    }
  }
  assert(combinations.length < 18);
});

Deno.test("every two values of two keys together are planned", () =>
  withFolder(async (folder) => {
    const config = await writeInputs(folder);
    for (const overrides of pairwise(factorsIn(folder))) {
      const planning = readProfile(config, { overrides }).then((profile) => planProfile(profile, "onnx"));
      const { runs } = await planning.catch((error) => {
        throw new Error(`${overrides.join(" ")}: ${error.message}`, { cause: error });
      });
      assertEquals(runs.length > 0, !overrides.some((one) => /^show=(data|settings)$/.test(one)));
    }
  }));

Deno.test("what cannot be planned is refused, and the key or the file is named", () =>
  withFolder(async (folder) => {
    const config = await writeInputs(folder);
    for (const [overrides, named] of refusedIn(folder)) {
      const error = await assertRejects(async () =>
        await planProfile(await readProfile(config, { overrides }), "onnx")
      );
      assert(isRefusal(error), `${overrides}: ${(error as Error).stack}`);
      assertStringIncludes(error.message, named, overrides.join(" "));
    }
  }));
