/** Names of systems for people. */

/** Returns a system's name, with "+ DAPT" if its encoder was adapted to the target's text. */
export function systemName({ system, adapt }: { system: string; adapt: boolean }): string {
  return adapt ? `${system} + DAPT` : system;
}
