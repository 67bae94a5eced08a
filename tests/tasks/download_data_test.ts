import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { DOWNLOAD, downloadData } from "../../tasks/download_data.ts";
import { withFolder } from "../temporary_folder.ts";
import { runForTest } from "./run_command.ts";

Deno.test("download refuses files that are not the published ones, keeps none of them, and names data sets", () =>
  withFolder(async (folder) => {
    const asked: string[] = [];
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
      asked.push(new URL(request.url).pathname);
      return new Response("EU\tB-organisation\n");
    });
    try {
      const from = `http://127.0.0.1:${server.addr.port}/mirror`;
      const data = join(folder, "data");
      const run = (...args: string[]) => runForTest(DOWNLOAD, downloadData, ["--data", data, ...args]);
      const other = await run("--from", from, "--sets", "ai");
      assertEquals([other.code, asked], [1, ["/mirror/ai/train.txt"]]);
      assertStringIncludes(other.errors, "the file must have SHA-256 484217a660f5");
      assertStringIncludes(other.printed, "Reuters");
      assertEquals([...Deno.readDirSync(join(data, "ai"))], []);
      const mistyped = await run("--sets", "ai,musik");
      assertEquals(mistyped.code, 2);
      assertStringIncludes(mistyped.errors, 'did you mean "music"?');
      const noAddress = await run("--from", "my mirror", "--sets", "ai");
      assertEquals(noAddress.code, 2);
      assertStringIncludes(noAddress.errors, 'Cannot use "--from": expected an address');
      await Deno.writeTextFile(join(data, "ai", "train.txt"), "mine\tO\n");
      const kept = await run("--from", from, "--sets", "ai");
      assertStringIncludes(kept.errors, "what is there must be the published file");
      assertEquals(await Deno.readTextFile(join(data, "ai", "train.txt")), "mine\tO\n");
    } finally {
      await server.shutdown();
    }
  }));
