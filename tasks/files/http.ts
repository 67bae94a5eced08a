/** Asking servers: redirects, the hub's token, patience and refusals by rule. */
import { fetchFailure } from "../../data/fetch_failure.ts";
import { errorMessage } from "../errors.ts";

/** How servers are asked. */
export interface HttpOptions {
  /** A secret for what is asked of this origin, "https://huggingface.co", and is sent to no other. */
  token?: { origin: string; value: string };
  /** Seconds without an answer, or without a byte more of it, after which a connection counts as cut. Default 60. */
  seconds?: number;
}

/** What a server answered, after redirects. */
export interface Answer {
  response: Response;
  /** SHA-256 of the file, where the hub says it. */
  sha256: string | null;
  /** Size of the whole file, where the hub says it. */
  bytes: number | null;
  /** The commit that the file is of, where the hub says it. */
  commit: string | null;
}

/** Asks for an address; rejects with `Cannot download "ADDRESS": …`. */
export type Ask = (url: URL, headers?: Record<string, string>, signal?: AbortSignal) => Promise<Answer>;

/** A connection that was cut or never came about: what may work the next time. */
export class ConnectionCut extends Error {}

const MAX_REDIRECTS = 10;

/**
 * Creates what asks servers by GET.
 *
 * Redirects are followed by hand: to http and https only, and from https to https only. The token stays behind where
 * the origin changes, and does not come back where a later redirect does: as the Fetch Standard has it for
 * Authorization, nobody else decides which of the hub's addresses it is sent to. Proxies (HTTP_PROXY, HTTPS_PROXY,
 * NO_PROXY) are Deno's business.
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
        // An address that a redirect led to may be signed, a secret for an hour: its origin tells enough.
        const reason = fetchFailure(error).replaceAll(url.origin + url.pathname + url.search, url.origin);
        throw new ConnectionCut(refusal(start, reason).message, { cause: error });
      } finally {
        clearTimeout(timer);
      }
      // The hub says these where it redirects to its store of large files.
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

/** Says of an answer that is no success what it means. */
export function refusalOf(url: URL, { status, statusText }: Response): Error {
  const hint = status === 401 || status === 403
    ? "; it may be private or ask for consent: HF_TOKEN is the token of an account that may read it"
    : "";
  return refusal(url, `the server answered ${status} ${statusText}`.trimEnd() + hint);
}

/** The error of a download. */
export function refusal(url: URL, rule: string): Error {
  return new Error(errorMessage({ act: "download", subject: url.href, rule }));
}

/** @throws Error if the token cannot be sent: `fetch` would say so with the token in its message. */
function bearerOf(token: string): string {
  const value = token.trim();
  if (/^[\x20-\x7e]+$/.test(value)) return `Bearer ${value}`;
  const rule = "a token must be a line of printable ASCII characters, current value has others";
  throw new Error(errorMessage({ act: "use", subject: "HF_TOKEN", rule }));
}

function notAllowed(url: URL): string {
  return `${url.host} must be allowed: deno run with the flags of the task in deno.json and ${url.host} in --allow-net`;
}
