/** A training whose numbers ran away. */

/** Thrown when a loss or the norm of gradients is not finite; no step was made with them. */
export class NotFiniteError extends Error {
  override name = "NotFiniteError";

  /**
   * @param what "the loss is NaN".
   * @param at Epoch and batch, from 1.
   * @param members Which of the training's sentences, or blocks, made up the batch, by index.
   */
  constructor(
    what: string,
    readonly at: { epoch: number; batch: number },
    readonly members: readonly number[],
  ) {
    super(`Cannot go on training at epoch ${at.epoch}, batch ${at.batch}: ${what}`);
  }
}
