import { executeCommand } from "../../tasks/terminal/command.ts";
import type { CommandMain, CommandSpec, Flag } from "../../tasks/terminal/command_spec.ts";

/** Runs a command as its task would, and gives its exit code and everything that it printed. */
export async function runForTest<F extends Record<string, Flag>>(
  spec: CommandSpec<F>,
  main: CommandMain<F>,
  args: string[],
): Promise<{ code: number; printed: string; errors: string }> {
  const [printed, errors]: string[][] = [[], []];
  const code = await executeCommand(spec, main, args, {
    print: (text) => printed!.push(text),
    printError: (text) => errors!.push(text),
  });
  return { code, printed: printed!.join("\n"), errors: errors!.join("\n") };
}
