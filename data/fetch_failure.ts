/**
 * Explains why `fetch` failed. Its own TypeError often says no more than "fetch failed"; the cause, or the cause's
 * cause, says that a host was not found, refused the connection or has a certificate that is not trusted.
 *
 * @param error What `fetch`, or reading its answer, rejected with.
 * @returns The innermost message; for an error that is not from `fetch`, its own message.
 */
export function fetchFailure(error: unknown): string {
  if (error instanceof TypeError) {
    while (error instanceof Error && error.cause !== undefined) error = error.cause;
  }
  return error instanceof Error ? error.message : String(error);
}
