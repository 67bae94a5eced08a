/** A server of this machine for the length of a test. */

/** Answers a request; `n` counts them from 0. */
export type Handler = (request: Request, n: number) => Response | Promise<Response>;

/**
 * Runs `test` with a server's address and the headers that it was asked with so far.
 *
 * @param tls A certificate and its key in PEM; without them the server speaks http.
 */
export async function withServer(
  handler: Handler,
  test: (url: URL, asked: Headers[]) => Promise<void>,
  tls: { cert?: string; key?: string } = {},
): Promise<void> {
  const asked: Headers[] = [];
  const options = {
    port: 0,
    hostname: "127.0.0.1",
    onListen() {},
    onError: () => new Response(null),
    ...tls,
  };
  const server = Deno.serve(options as Deno.ServeTcpOptions, (request) => {
    asked.push(new Headers(request.headers));
    return handler(request, asked.length - 1);
  });
  try {
    await test(new URL(`${tls.cert ? "https" : "http"}://127.0.0.1:${server.addr.port}/file`), asked);
  } finally {
    await server.shutdown();
  }
}
