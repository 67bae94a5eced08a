/** Finds and opens the native library of ONNX Runtime. */
import { importOnnxRuntime } from "../node_runtime.ts";
import { type Api, createApi } from "./api.ts";
import { environmentVariable, openLibrary } from "./foreign.ts";
import { besideOf, pypiFolders } from "./folders.ts";

/** The hardware that computes: the processor, or NVIDIA's GPUs. */
export type Provider = "cpu" | "cuda";

/** An opened library. */
export interface Library {
  api: Api;
  /** Its file. */
  path: string;
}

/** The variable that names the library's file. */
const VARIABLE = "ORT_LIBRARY";
/** Lies beside a library that has CUDA. */
const CUDA_FILE = "libonnxruntime_providers_cuda.so";
/** Tells how a library with CUDA is had. */
export const HOW_TO_INSTALL =
  `python3 -m venv .venv && .venv/bin/pip install "onnxruntime-gpu[cuda,cudnn]==1.30.0", ` +
  `or ${VARIABLE}=FILE with --allow-env=${VARIABLE}`;

/** Opened libraries by path: a process has one environment of ONNX Runtime in each. */
const opened = new Map<string, Library>();

/**
 * Opens the library: the file in `ORT_LIBRARY`, else for CUDA that of PyPI's onnxruntime-gpu in the working folder's
 * `.venv`, else that of the npm package.
 *
 * @throws If there is none with this provider, or it cannot be opened, or it is too old; the message says what to do.
 */
export async function openOnnxRuntime(provider: Provider): Promise<Library> {
  const path = await findLibrary(provider);
  const known = opened.get(path);
  if (known) return known;
  try {
    const library = { path, api: createApi(openLibrary(path, "OrtGetApiBase")) };
    opened.set(path, library);
    return library;
  } catch (error) {
    throw new Error(`Cannot open "${path}": ${(error as Error).message}`, { cause: error });
  }
}

async function findLibrary(provider: Provider): Promise<string> {
  const named = environmentVariable(VARIABLE);
  if (named !== undefined) return named;
  const { existsSync } = await import("node:fs");
  if (provider === "cpu") return await npmLibrary();
  for (const find of [pypiLibraries, async () => [await npmLibrary()]]) {
    const found = (await find()).find((path) => existsSync(besideOf(path, CUDA_FILE)));
    if (found !== undefined) return found;
  }
  throw new Error(`no library of ONNX Runtime with CUDA was found (${HOW_TO_INSTALL})`);
}

/** Returns the file of the npm package, wherever Deno keeps it. */
async function npmLibrary(): Promise<string> {
  const { fileURLToPath } = await import("node:url");
  const { arch, platform } = await import("node:process");
  const files: Record<string, string> = { darwin: "libonnxruntime.1.dylib", win32: "onnxruntime.dll" };
  const file = files[platform] ?? "libonnxruntime.so.1";
  // Deno resolves packages that have been imported; this one loads the library, which is in the process once anyway.
  await importOnnxRuntime();
  const index = import.meta.resolve("npm:onnxruntime-node@1.30.0");
  return fileURLToPath(new URL(`../bin/napi-v6/${platform}/${arch}/${file}`, index));
}

/** Returns the files of PyPI's package in the working folder's virtual environment. */
async function pypiLibraries(): Promise<string[]> {
  const folders = await pypiFolders("onnxruntime/capi");
  const { readdirSync } = await import("node:fs");
  return folders.flatMap((folder) =>
    readdirSync(folder).filter((name) => /^libonnxruntime\.so\.\d/.test(name)).map((name) =>
      `${folder}/${name}`
    )
  );
}
