import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { howToMeasure } from "../../../tasks/tagging/how_to_measure.ts";
import { withFolder } from "../../temporary_folder.ts";

Deno.test("howToMeasure() names the command, with the model's own dev set where there is one", () =>
  withFolder(async (model) => {
    const command = (file: string) =>
      `The encoder is computed in int8. What that changes: deno task evaluate --model ${model} --int8 ${file}`;
    assertEquals(await howToMeasure(model), command("--gold FILE"));
    await Deno.mkdir(join(model, "dev.conll"));
    assertEquals(await howToMeasure(model), command("--gold FILE"));
    await Deno.remove(join(model, "dev.conll"));
    await Deno.writeTextFile(join(model, "dev.conll"), "new\tO\tO\n");
    assertEquals(await howToMeasure(model), command(join(model, "dev.conll")));
  }));
