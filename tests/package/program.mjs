/** A program that scores tags and tags words with trained models: the same in Deno and in Node. */
import * as all from "@laner/laner";
import { parseConll } from "@laner/laner/conll";
import { scoreSpans } from "@laner/laner/scores";
import { loadTagger } from "@laner/laner/tagger";

const gold = parseConll("Ada B-person\nLovelace I-person\n\nin O\nLondon B-place\n");
const predicted = [["B-person", "O"], ["O", "B-place"]];
const { f1 } = scoreSpans(gold.map(({ tags }) => tags), predicted);

const taggers = [];
for (const { location, engine } of JSON.parse(process.argv[2])) {
  const tagger = await loadTagger(location, { engine });
  const sentences = await tagger.predict([["new", "yorkers", "like", "."], [], ["york"]]);
  taggers.push({
    system: tagger.system,
    sentences,
    entities: await tagger.predictText("New York. Like new!"),
  });
  tagger.dispose();
}
const missing = await loadTagger("./no_such_model").catch((error) => error.message);
console.log(JSON.stringify({ nNames: Object.keys(all).length, f1, taggers, missing }));
