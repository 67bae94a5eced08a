import { assertEquals } from "@std/assert";
import { fetchFailure } from "../../data/fetch_failure.ts";

Deno.test("fetchFailure() names the innermost cause of fetch's own error, and any other error as it stands", () => {
  const dns =
    "client error (Connect): dns error: failed to lookup address information: Name or service not known";
  const cases: [unknown, string][] = [
    [new TypeError("fetch failed", { cause: new Error(dns) }), dns],
    [new TypeError("fetch failed", { cause: new Error("connect", { cause: new Error(dns) }) }), dns],
    [new TypeError("fetch failed", { cause: "cut" }), "cut"],
    [new TypeError("Url scheme 'ftp' not supported"), "Url scheme 'ftp' not supported"],
    [new Error("Cannot download it: cut", { cause: new Error("cut") }), "Cannot download it: cut"],
    ["cut", "cut"],
  ];
  for (const [error, message] of cases) assertEquals(fetchFailure(error), message);
});
