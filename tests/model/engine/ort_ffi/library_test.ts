/** How the native library is found and opened, and what is said when something is missing. */
import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { createEngine } from "../../../../model/engine/create_engine.ts";
import { createApi } from "../../../../model/engine/ort_ffi/api.ts";
import { openOnnxRuntime } from "../../../../model/engine/ort_ffi/library.ts";
import { withGpu, withNvidiaLibraries } from "../../../../model/engine/ort_ffi/nvidia_libraries.ts";
import { withFolder } from "../../../temporary_folder.ts";

/** Does something with a variable of the environment and a working folder of its own. */
async function withLibrary(named: string | null, act: (folder: string) => Promise<void>) {
  const before = { folder: Deno.cwd(), named: Deno.env.get("ORT_LIBRARY") };
  await withFolder(async (folder) => {
    try {
      if (named === null) Deno.env.delete("ORT_LIBRARY");
      else Deno.env.set("ORT_LIBRARY", named);
      Deno.chdir(folder);
      await act(folder);
    } finally {
      Deno.chdir(before.folder);
      if (before.named === undefined) Deno.env.delete("ORT_LIBRARY");
      else Deno.env.set("ORT_LIBRARY", before.named);
    }
  });
}

Deno.test("openOnnxRuntime() opens the npm package's library, once", async () => {
  await withLibrary(null, async () => {
    const library = await openOnnxRuntime("cpu");
    assert(library.path.includes("onnxruntime-node"), library.path);
    assertEquals(library.api.version, "1.30.0");
    assertEquals(await openOnnxRuntime("cpu"), library);
  });
});

Deno.test("openOnnxRuntime() opens the file in ORT_LIBRARY, and names it when it cannot", async () => {
  await withLibrary("/nowhere/libonnxruntime.so", async () => {
    for (const provider of ["cpu", "cuda"] as const) {
      await assertRejects(
        () => openOnnxRuntime(provider),
        Error,
        `Cannot open "/nowhere/libonnxruntime.so": `,
      );
    }
    const { message } = await assertRejects(() => createEngine("cuda"), Error) as Error;
    assert(
      message.startsWith(`Cannot load the cuda engine: Cannot open "/nowhere/libonnxruntime.so"`),
      message,
    );
  });
});

Deno.test("openOnnxRuntime() finds PyPI's library in the working folder's .venv when CUDA lies beside it", async () => {
  await withLibrary(null, async (folder) => {
    const capi = `${folder}/.venv/lib/python3.11/site-packages/onnxruntime/capi`;
    await Deno.mkdir(capi, { recursive: true });
    // No library: that it was found is told by the failure to open it.
    await Deno.writeTextFile(`${capi}/libonnxruntime.so.1.30.0`, "");
    await assertRejects(
      () => openOnnxRuntime("cuda"),
      Error,
      "no library of ONNX Runtime with CUDA was found",
    );
    await Deno.writeTextFile(`${capi}/libonnxruntime_providers_cuda.so`, "");
    await assertRejects(() => openOnnxRuntime("cuda"), Error, `${capi}/libonnxruntime.so.1.30.0`);
  });
});

Deno.test("openOnnxRuntime() says how a library with CUDA is had when there is none", async () => {
  await withLibrary(null, async () => {
    const { message } = await assertRejects(() => openOnnxRuntime("cuda"), Error) as Error;
    for (const part of ["CUDA", "pip install", "onnxruntime-gpu", "ORT_LIBRARY", "--allow-env"]) {
      assert(message.includes(part), `"${message}" does not name ${part}`);
    }
  });
});

Deno.test("createApi() refuses a library that is too old", () => {
  for (const version of ["1.22.1", "2.0.0"]) {
    const text = new TextEncoder().encode(`${version}\0`);
    const place = Deno.UnsafePointer.value(Deno.UnsafePointer.of(text));
    const getVersion = new Deno.UnsafeCallback({ parameters: [], result: "usize" }, () => place);
    const base = BigUint64Array.of(0n, Deno.UnsafePointer.value(getVersion.pointer));
    assertThrows(
      () => createApi(Deno.UnsafePointer.value(Deno.UnsafePointer.of(base))),
      Error,
      `ONNX Runtime must be 1.23 or a later 1.x, current value is ${version}`,
    );
    getVersion.close();
  }
});

/** Says that a library is missing as ONNX Runtime does. */
function failFor(missing: string): never {
  throw new Error(
    `FAIL : Failed to load library /x/libonnxruntime_providers_cuda.so with error: ${missing}: ` +
      "cannot open shared object file: No such file or directory",
  );
}

Deno.test("withNvidiaLibraries() names the library that is missing, and how it is had", async () => {
  const cases: [missing: string, advice: string][] = [
    ["libcublas.so.13", `pip install "onnxruntime-gpu[cuda,cudnn]==`],
    ["libcuda.so.1", "NVIDIA's driver"],
  ];
  for (const [missing, advice] of cases) {
    const path = "/nowhere/onnxruntime/capi/libonnxruntime.so.1";
    const { message } = await assertRejects(
      () => withNvidiaLibraries({ path }, () => failFor(missing)),
      Error,
    ) as Error;
    assert(message.startsWith(`${missing} is missing (`), message);
    assert(message.includes(advice), message);
  }
});

Deno.test("withNvidiaLibraries() opens what is missing from the packages beside the library", async () => {
  const { path: real } = await openOnnxRuntime("cpu");
  await withFolder(async (folder) => {
    const path = `${folder}/onnxruntime/capi/libonnxruntime.so.1`;
    const nvidia = `${folder}/nvidia/cu13/lib`;
    for (const made of [`${folder}/onnxruntime/capi`, nvidia]) await Deno.mkdir(made, { recursive: true });
    // Any library will do.
    for (const name of ["libcublasLt.so.13", "libcublas.so.13"]) {
      await Deno.symlink(real, `${nvidia}/${name}`);
    }
    const missing = ["libcublasLt.so.13", "libcublas.so.13"];
    let nTries = 0;
    await withNvidiaLibraries({ path }, () => {
      nTries++;
      const next = missing.shift();
      if (next) failFor(next);
    });
    assertEquals(nTries, 3);
    // One that is open and yet missing is not opened for ever.
    const again = () => withNvidiaLibraries({ path }, () => failFor("libcublas.so.13"));
    await assertRejects(again, Error, "libcublas.so.13 is missing");
  });
});

Deno.test("withNvidiaLibraries() leaves other errors as they are", async () => {
  const fail = () => {
    throw new Error("CUDA failure 100: no CUDA-capable device is detected");
  };
  await assertRejects(() => withNvidiaLibraries({ path: "/x/y" }, fail), Error, "no CUDA-capable device");
});

Deno.test("withGpu() says what CUDA says when there is no GPU, and leaves other errors as they are", () => {
  const said: [message: string, shown: string][] = [
    [
      "/src/cuda_call.cc:154 CudaCall [with ERRTYPE = cudaError] CUDA failure 35: CUDA driver version is insufficient " +
      "for CUDA runtime version ; GPU=-1 ; file=/src/cuda_execution_provider.cc ; expr=cudaSetDevice(0); ",
      "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version",
    ],
    ["Protobuf parsing failed.", "Protobuf parsing failed."],
  ];
  for (const [message, shown] of said) {
    const error = assertThrows(() =>
      withGpu(() => {
        throw new Error(message);
      }), Error) as Error;
    assertEquals(error.message, shown);
  }
  assertEquals(withGpu(() => 1), 1);
});
