import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { conllevalCounts, conllevalReport } from "./conlleval_rules.ts";
import { parseConlleval, runConlleval } from "./conlleval_script.ts";
import { readOracle } from "./oracle_dir.ts";
import { withFolder } from "./temporary_folder.ts";

Deno.test("conllevalCounts() counts what conlleval.pl itself printed", () => {
  interface Case {
    gold: string[][];
    pred: string[][];
    expected: {
      tokens: number;
      goldPhrases: number;
      foundPhrases: number;
      correct: number;
      accuracy: number;
    };
  }
  for (const { gold, pred, expected } of readOracle<Case[]>("conlleval_cases.json")) {
    const counts = conllevalCounts(gold, pred);
    assertEquals(
      [counts.tokens, counts.gold, counts.found, counts.correct],
      [expected.tokens, expected.goldPhrases, expected.foundPhrases, expected.correct],
    );
    assertEquals(Number(/accuracy: +([\d.]+)/.exec(conllevalReport(counts))![1]), expected.accuracy);
  }
});

/** Prints the documented format: how many tokens there are, and which arguments it was given. */
const STAND_IN = String.raw`
my $tokens = 0;
while (<STDIN>) { chomp; my @columns = split(/$ARGV[1]/, $_); $tokens++ if @columns == 3; }
printf "processed $tokens tokens with 2 phrases; found: 1 phrases; correct: 1.\n";
printf "accuracy: %6.2f%%; precision: %6.2f%%; recall: %6.2f%%; FB1: %6.2f\n", 75, 100, 50, 66.666;
printf "%17s: precision: %6.2f%%; recall: %6.2f%%; FB1: %6.2f  %d\n", $_, 100, 50, 66.666, 1 for ("a: b", "", "per");
exit($ARGV[0] eq "-d" ? 0 : 1);
`;

const hasPerl = await new Deno.Command("perl", { args: ["-e", "1"], stdout: "null", stderr: "null" }).output()
  .then(({ success }) => success, () => false);

Deno.test({
  name: "runConlleval() gives the script the columns, and parseConlleval() reads what it prints",
  ignore: !hasPerl,
  async fn() {
    await withFolder(async (folder) => {
      const script = join(folder, "conlleval.pl");
      await Deno.writeTextFile(script, STAND_IN);
      const report = await runConlleval(script, "EU B-a B-a\nis O O\n\nLee B-a I-a\n");
      const figures = "precision: 100.00%; recall:  50.00%; FB1:  66.67  1";
      assertEquals(parseConlleval(report), {
        counts: "processed 3 tokens with 2 phrases; found: 1 phrases; correct: 1.",
        figures: "accuracy:  75.00%; precision: 100.00%; recall:  50.00%; FB1:  66.67",
        perType: { "a: b": figures, _: figures, per: figures },
      });
      await Deno.writeTextFile(script, 'die "no such boundary\n"');
      await assertRejects(() => runConlleval(script, "EU O O\n"), Error, "no such boundary");
    });
  },
});

Deno.test("parseConlleval() reads a report without words", () => {
  const counts = "processed 0 tokens with 0 phrases; found: 0 phrases; correct: 0.";
  assertEquals(parseConlleval(`${counts}\n`), { counts, figures: "", perType: {} });
});
