/** The engine that a command runs on. */
import { chooseEngine } from "../../model/engine/choose_engine.ts";
import type { EngineName } from "../../model/engine/engine.ts";

/**
 * Returns the name of the engine to run on. Says which it is, and why, where the choice is left to the machine.
 *
 * @param gpu Tells whether the work can use a GPU (see `EngineWork`).
 * @param say Shows a line.
 */
export async function chosenEngineName(
  name: EngineName | "auto",
  gpu: boolean,
  say: (line: string) => void,
): Promise<EngineName> {
  if (name !== "auto") return name;
  const choice = await chooseEngine({ gpu });
  say(`Engine ${choice.name}: ${choice.reason}`);
  return choice.name;
}
