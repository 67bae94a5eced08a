/** The paper's claims as a row of numbers. */
import { signed } from "../cells.ts";
import type { Claim } from "../sections/claims.ts";

/** Renders claims, each with our difference, the numbers behind it, and the paper's difference. */
export function ClaimsView({ claims }: { claims: readonly Claim[] }) {
  return (
    <ul class="claims">
      {claims.map(({ system, baseline, meaning, targets, nHolds, nSeeds, ours, paper }) => (
        <li>
          <p class="meaning">{meaning}</p>
          <p class="difference">{signed(ours.difference)}</p>
          <p>
            {system} <b>{ours.system.toFixed(2)}</b>, {baseline} <b>{ours.baseline.toFixed(2)}</b>
          </p>
          <p class="muted">
            {targets.length > 1
              ? `mean of ${targets.length} targets, better on ${nHolds}`
              : `on ${targets[0]}`}, {seedText(nSeeds)}
          </p>
          <p class="muted">{paper === null ? "no number in the paper" : `the paper: ${signed(paper)}`}</p>
        </li>
      ))}
    </ul>
  );
}

function seedText([fewest, most]: Claim["nSeeds"]): string {
  if (fewest < most) return `${fewest} to ${most} seeds`;
  return most === 1 ? "1 seed" : `${most} seeds`;
}
