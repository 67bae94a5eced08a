/** NVIDIA's libraries, which the provider for its GPUs is linked with. */
import { besideOf, pypiFolders } from "./folders.ts";
import { openLibrary } from "./foreign.ts";
import { HOW_TO_INSTALL, type Library } from "./library.ts";

/** The message of the system's loader about a missing library. */
const MISSING = /([\w.+-]+): cannot open shared object file/;

/**
 * Does what needs NVIDIA's libraries: as long as one is missing, opens it and tries again. In their own packages of
 * PyPI they lie where the system's loader does not look, but it takes what is open already.
 *
 * @param library The library of ONNX Runtime that is used.
 * @param act What is done.
 * @throws If a library is found nowhere; the message names it and says how it is had.
 */
export async function withNvidiaLibraries(library: Pick<Library, "path">, act: () => void): Promise<void> {
  const opened = new Set<string>();
  for (;;) {
    try {
      return act();
    } catch (error) {
      const missing = MISSING.exec((error as Error).message)?.[1];
      if (missing === undefined) throw error;
      const file = opened.has(missing) ? undefined : await findNvidiaLibrary(missing, library);
      if (file === undefined) {
        throw new Error(`${missing} is missing (${adviceFor(missing)})`, { cause: error });
      }
      opened.add(missing);
      await withNvidiaLibraries(library, () => openLibrary(file));
    }
  }
}

/** Returns the file of a library in NVIDIA's packages of PyPI, beside ONNX Runtime's or in the `.venv`. */
async function findNvidiaLibrary(name: string, { path }: Pick<Library, "path">): Promise<string | undefined> {
  const { existsSync, readdirSync } = await import("node:fs");
  const packages = [besideOf(path, "../../nvidia"), ...await pypiFolders("nvidia")].filter((one) =>
    existsSync(one)
  );
  const folders = packages.flatMap((folder) => readdirSync(folder).map((part) => `${folder}/${part}/lib`));
  return folders.map((folder) => `${folder}/${name}`).find((file) => existsSync(file));
}

/** Tells where a library comes from. */
function adviceFor(missing: string): string {
  return /^libcuda\.so/.test(missing) ? "it comes with NVIDIA's driver" : HOW_TO_INSTALL;
}

/**
 * Does what needs a GPU.
 *
 * @throws If there is none that can be used; the message is what CUDA says of it, without ONNX Runtime's places.
 */
export function withGpu<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    const { message } = error as Error;
    const failure = /CUDA failure \d+: [^;]*/.exec(message)?.[0].trim();
    throw new Error(failure ?? message, { cause: error });
  }
}
