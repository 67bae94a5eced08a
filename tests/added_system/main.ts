/** A script of a user's: the arguments are the toolkit's folder, a model folder for prediction or "", and a command's own. */
import { loadTagger } from "@laner/laner";
import "./centroids.ts";

const [toolkit, model, ...args] = Deno.args;
if (model !== "") {
  const tagger = await loadTagger(model!);
  console.log(JSON.stringify(await tagger.predict([args])));
} else {
  const { executeCommand } = await import(`${toolkit}/tasks/terminal/command.ts`);
  const { REPRODUCE, reproduce } = await import(`${toolkit}/tasks/reproduce.ts`);
  Deno.exit(await executeCommand(REPRODUCE, reproduce, args));
}
