/**
 * Says why `fetch` failed. Its own TypeError often says no more than "fetch failed": that a host was not found, refused
 * the connection or has a certificate that is not trusted is told by the cause, or the cause's cause.
 *
 * @param error What `fetch`, or reading its answer, rejected with.
 * @returns The innermost message; of an error that is not fetch's, its own.
 */
export function fetchFailure(error: unknown): string {
  if (error instanceof TypeError) {
    while (error instanceof Error && error.cause !== undefined) error = error.cause;
  }
  return error instanceof Error ? error.message : String(error);
}
