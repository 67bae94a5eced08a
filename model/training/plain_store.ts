/** Parameters in plain arrays, which are changed in place. */
import { nameOfNotFinite } from "../weights/finite.ts";
import { assignParameters, copyParameters } from "../weights/parameters.ts";
import { clipGradients, createAdam } from "./adam.ts";
import { addShares } from "./add_shares.ts";
import { averaging } from "./averaging.ts";
import type { ParameterStore } from "./parameter_store.ts";
import { createSgd } from "./sgd.ts";

/** The store of plain arrays, which is the same for all trainings. */
export const PLAIN_STORE: ParameterStore = {
  copy: (parameters) => Promise.resolve(copyParameters(parameters)),
  assign: (target, source) => Promise.resolve(assignParameters(target, source)),
  read: (parameters) => Promise.resolve(parameters),
  nameOfNotFinite: (parameters) => Promise.resolve(nameOfNotFinite(parameters)),
  clip: (gradients, maxNorm) => Promise.resolve({ gradients, norm: clipGradients(gradients, maxNorm) }),
  addShares: (sum, gradients, share) => Promise.resolve(addShares(sum, gradients, share)),
  adam: createAdam,
  sgd: createSgd,
  averaging,
  release() {},
  close: () => Promise.resolve(),
};
