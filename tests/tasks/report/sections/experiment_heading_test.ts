import { assertEquals } from "@std/assert";
import { experimentHeading } from "../../../../tasks/report/sections/experiment_heading.ts";

Deno.test("experimentHeading() names the table or figure of the paper when the experiment stands for one", () => {
  const heading = (name: string) => experimentHeading({ name, title: "Ablation" });
  assertEquals(heading("table_3"), "Table 3: Ablation");
  assertEquals(heading("figure_12"), "Figure 12: Ablation");
  assertEquals(heading("label_embeddings"), "Ablation");
  assertEquals(heading("my_table_3"), "Ablation");
});
