/** Every file of data/ and model/, and mod.ts, can be imported by URL, without this repository's configuration. */
import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { shareNpmCache } from "./own_cache.ts";
import { ROOT, typeScriptFiles } from "./source_text.ts";

/** Serves the repository's TypeScript files on a free port of this machine. */
function serveRepository(): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const path = decodeURIComponent(new URL(request.url).pathname);
    if (!/^(\/\w+)+\.ts$/.test(path)) return new Response("not served", { status: 404 });
    try {
      const text = await Deno.readTextFile(join(ROOT, path));
      return new Response(text, { headers: { "content-type": "text/typescript" } });
    } catch {
      return new Response("not found", { status: 404 });
    }
  });
}

/** Imports each URL alone, and reports which fail; the file names come on standard input. */
const IMPORT_ALL = `
const failures = [];
for (const url of JSON.parse(await new Response(Deno.stdin.readable).text())) {
  try {
    await import(url);
  } catch (error) {
    failures.push(new URL(url).pathname + ": " + error.message);
  }
}
console.log(JSON.stringify(failures));
`;

async function importAll(urls: string[], origin: string): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    await shareNpmCache(folder);
    const script = join(folder, "import_all.ts");
    await Deno.writeTextFile(script, IMPORT_ALL);
    const flags = [
      "--no-config",
      "--no-lock",
      "--no-check",
      "--node-modules-dir=none",
      `--allow-import=${origin}`,
    ];
    // What the npm packages need to load; no network and no writing.
    const permissions = ["--allow-env", "--allow-read", "--allow-sys", "--allow-ffi"];
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", ...flags, ...permissions, script],
      cwd: folder,
      env: { DENO_DIR: folder },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(JSON.stringify(urls)));
    await writer.close();
    const { code, stdout, stderr } = await child.output();
    const text = new TextDecoder();
    if (code !== 0) throw new Error(`The importing process ended with ${code}: ${text.decode(stderr)}`);
    return JSON.parse(text.decode(stdout).trimEnd().split("\n").at(-1)!);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("every file of data/ and model/ and mod.ts can be imported by URL", async () => {
  const server = serveRepository();
  try {
    const { port } = server.addr;
    const paths = [
      ...await typeScriptFiles("data"),
      ...await typeScriptFiles("model"),
      "mod.ts",
      "no_such_file.ts",
    ];
    const urls = paths.map((path) => `http://127.0.0.1:${port}/${path}`);
    const failures = await importAll(urls, `127.0.0.1:${port}`);
    // The last one shows that a file which cannot be imported is noticed.
    assertEquals(failures.filter((failure) => !failure.startsWith("/no_such_file.ts")), []);
    assertEquals(failures.length, 1);
  } finally {
    await server.shutdown();
  }
});
