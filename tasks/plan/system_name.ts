/** How people call a system. */

/** "laner + DAPT" for one on an encoder that was adapted to the target's text. */
export function systemName({ system, adapt }: { system: string; adapt: boolean }): string {
  return adapt ? `${system} + DAPT` : system;
}
