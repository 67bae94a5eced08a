/** HTTP requests: redirects, the hub's token, time limits and error messages. */
import { fetchFailure } from "../../data/fetch_failure.ts";
import { errorMessage } from "../errors.ts";

/** Options of {@link createAsk}. */
export interface HttpOptions {
  /** A secret for requests to this origin, such as "https://huggingface.co"; it is sent to no other. */
  token?: { origin: string; value: string };
  /**
   * Seconds without an answer, or without a further byte of it, after which a connection counts as cut. Default: 60.
   */
  seconds?: number;
}

/** A server's answer, after redirects. */
export interface Answer {
  response: Response;
  /** SHA-256 of the file, if the hub states it. */
  sha256: string | null;
  /** Size of the whole file, if the hub states it. */
  bytes: number | null;
  /** The commit of the file, if the hub states it. */
  commit: string | null;
}

/** Requests an address; rejects with `Cannot download "ADDRESS": …`. */
export type Ask = (url: URL, headers?: Record<string, string>, signal?: AbortSignal) => Promise<Answer>;

/** An error for a connection that was cut or never made: another attempt may succeed. */
export class ConnectionCut extends Error {}

const MAX_REDIRECTS = 10;

/**
 * Creates a function that sends GET requests.
 *
 * Redirects are followed by hand: to http and https only, and from https to https only. The token is dropped where the
 * origin changes, and stays dropped if a later redirect returns: as in the Fetch Standard's rule for Authorization, no
 * other server decides which of the hub's addresses receive it. Deno handles proxies (HTTP_PROXY, HTTPS_PROXY,
 * NO_PROXY).
 */
export function createAsk({ token, seconds = 60 }: HttpOptions = {}): Ask {
  return async (start, headers = {}, signal) => {
    let url = start;
    let sha256: string | null = null;
    let bytes: number | null = null;
    let commit: string | null = null;
    let own: Record<string, string> = {};
    if (token && start.origin === token.origin) own = { authorization: bearerOf(token.value) };
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const timeout = new AbortController();
      const timer = setTimeout(
        () => timeout.abort(new ConnectionCut(`no answer within ${seconds} s`)),
        1000 * seconds,
      );
      let response: Response;
      try {
        const either = signal ? AbortSignal.any([signal, timeout.signal]) : timeout.signal;
        response = await fetch(url, { headers: { ...headers, ...own }, redirect: "manual", signal: either });
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof Deno.errors.NotCapable) throw refusal(start, notAllowed(url));
        // The address of a redirect may be signed, and so a secret for an hour; its origin says enough.
        const reason = fetchFailure(error).replaceAll(url.origin + url.pathname + url.search, url.origin);
        throw new ConnectionCut(refusal(start, reason).message, { cause: error });
      } finally {
        clearTimeout(timer);
      }
      // The hub states these where it redirects to its store of large files.
      const etag = response.headers.get("x-linked-etag")?.replaceAll('"', "") ?? "";
      if (/^[0-9a-f]{64}$/.test(etag)) sha256 ??= etag;
      const size = response.headers.get("x-linked-size") ?? "";
      if (/^\d{1,15}$/.test(size)) bytes ??= Number(size);
      commit ??= response.headers.get("x-repo-commit");
      const location = response.headers.get("location");
      if (response.status < 300 || response.status > 399 || response.status === 304 || location === null) {
        return { response, sha256, bytes, commit };
      }
      await response.body?.cancel();
      const next = URL.parse(location, url);
      if (next === null) throw refusal(start, "a redirect must lead to an address");
      if (!/^https?:$/.test(next.protocol) || (url.protocol === "https:" && next.protocol !== "https:")) {
        throw refusal(start, `a redirect must not lead from ${url.protocol} to ${next.protocol}`);
      }
      if (next.origin !== url.origin) own = {};
      url = next;
    }
    throw refusal(start, `at most ${MAX_REDIRECTS} redirects are followed`);
  };
}

/** Explains an answer that is not a success. */
export function refusalOf(url: URL, { status, statusText }: Response): Error {
  const hint = status === 401 || status === 403
    ? "; it may be private or ask for consent: HF_TOKEN is the token of an account that may read it"
    : "";
  return refusal(url, `the server answered ${status} ${statusText}`.trimEnd() + hint);
}

/** Makes the error of a failed download. */
export function refusal(url: URL, rule: string): Error {
  return new Error(errorMessage({ act: "download", subject: url.href, rule }));
}

/** Makes the value of the header Authorization. */
function bearerOf(token: string): string {
  const value = token.trim();
  if (/^[\x20-\x7e]+$/.test(value)) return `Bearer ${value}`;
  const rule = "a token must be a line of printable ASCII characters, current value has others";
  throw new Error(errorMessage({ act: "use", subject: "HF_TOKEN", rule }));
}

function notAllowed(url: URL): string {
  return `${url.host} must be allowed: deno run with the flags of the task in deno.json and ${url.host} in --allow-net`;
}
