#!/usr/bin/env bash
# Builds the tensorflow engine's binding from public packages, then runs the numeric tests through it.
#
# The npm package @tensorflow/tfjs-node downloads libtensorflow when it is installed. Where that download cannot be
# reached, PyPI's wheel tensorflow-cpu holds the same library with its headers, against which a C++ compiler builds
# the package's binding. Needs deno, npm, Node's headers, Python with pip, g++ and 2 GB of disk.
#
# Usage: tests/tensorflow_engine.sh [SCRATCH_FOLDER]    (default: .cache/tensorflow in the repository)
#   NODE_HEADERS  folder with node_api.h, where it is none of the usual ones
#   ORACLE_DIR    folder of expected outputs (default: tests/oracle)
#   TEST_ENGINES  of tensorflow, onnx and cpu, those to test (default: tensorflow)
#
# What an earlier call downloaded into the same folder is used again; the folder may be removed at any time.
set -euo pipefail

tfjs_version=4.22.0
tensorflow_version=2.21.0

fail() {
  echo "Cannot build the tensorflow engine: $1" >&2
  exit 1
}

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
for program in git node npm python3 g++; do
  command -v "$program" > /dev/null || fail "there is no $program on the PATH"
done
if command -v deno > /dev/null; then
  deno=(deno)
else
  deno=(npx -y deno@2.9.6)
fi

# Node's headers: where the caller says, beside the Node that runs, the system's, or fetched earlier by node-gyp.
if [[ -n "${NODE_HEADERS:-}" ]]; then
  folders=("$NODE_HEADERS")
else
  folders=("$(node -p 'require("path").resolve(process.execPath, "../../include/node")')" /usr/include/node
    "$HOME"/.cache/node-gyp/*/include/node)
fi
headers=""
for folder in "${folders[@]}"; do
  if [[ -f "$folder/node_api.h" ]]; then
    headers=$(cd "$folder" && pwd)
    break
  fi
done
[[ -n "$headers" ]] || fail "Node's headers (node_api.h) are not in ${folders[*]}: run \`npx node-gyp install\`, or \
set NODE_HEADERS to the folder that has them"

# A relative ORACLE_DIR means the caller's folder, not the copy that the tests run in.
oracle=${ORACLE_DIR:-$repository/tests/oracle}
[[ -d "$oracle/laner" ]] || fail "ORACLE_DIR must have a folder laner, current value is $oracle"
ORACLE_DIR=$(cd "$oracle" && pwd)
export ORACLE_DIR

scratch=${1:-$repository/.cache/tensorflow}
mkdir -p "$scratch"
scratch=$(cd "$scratch" && pwd)
[[ "$scratch" != "$repository" ]] || fail "the scratch folder must not be the repository itself"

# The code runs in a copy with a node_modules folder of its own, which is where the engine looks for a binding.
copy=$scratch/tensorflow_engine_copy
mkdir -p "$copy"
find "$copy" -mindepth 1 -maxdepth 1 ! -name node_modules -exec rm -rf {} +
(cd "$repository" && git ls-files -z -- deno.json mod.ts data model tests vendor |
  tar --create --null --files-from=- --ignore-failed-read) | tar --extract --directory "$copy"

echo "== npm packages"
packages=$(cd "$copy" && grep -rhoE 'npm:@?[A-Za-z0-9._/-]+@[0-9]+\.[0-9]+\.[0-9]+' --include='*.ts' data model vendor |
  sed 's/^npm://' | sort -u)
echo '{ "private": true }' > "$copy/package.json"
# Install scripts stay off: tfjs-node's is the one that downloads libtensorflow.
# shellcheck disable=SC2086 # one argument a package
(cd "$copy" && npm install --ignore-scripts --no-audit --no-fund --loglevel=error --save-exact \
  $packages "@tensorflow/tfjs-node@$tfjs_version") || fail "npm cannot install its packages"

echo "== libtensorflow"
python=$scratch/python-$tensorflow_version
tensorflow=$python/tensorflow
if [[ ! -f "$tensorflow/libtensorflow_cc.so.2" ]]; then
  rm -rf "$python" "$python.part"
  # The library and its headers are all that is used: none of the Python packages that the wheel depends on.
  python3 -m pip install --quiet --disable-pip-version-check --no-deps --target "$python.part" \
    "tensorflow-cpu==$tensorflow_version" || fail "pip cannot install tensorflow-cpu $tensorflow_version"
  mv "$python.part" "$python"
fi
echo "$tensorflow/libtensorflow_cc.so.2"

echo "== binding"
binding=$copy/node_modules/@tensorflow/tfjs-node
target=lib/napi-v8/tfjs_binding.node
mkdir -p "$binding/${target%/*}"
# Built anew each time: it holds the library's path, and is soon made.
(cd "$binding" && g++ -O2 -std=c++17 -shared -fPIC \
  -DNAPI_VERSION=8 -DNODE_GYP_MODULE_NAME=tfjs_binding -DBUILDING_NODE_EXTENSION \
  -I"$headers" -I. -I"$tensorflow/include" binding/*.cc -o "$target" \
  -L"$tensorflow" -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 -Wl,-rpath,"$tensorflow") ||
  fail "g++ cannot compile the binding in $binding/binding"
echo "$binding/$target"

echo "== numeric tests"
export TEST_ENGINES="${TEST_ENGINES:-tensorflow}" TF_CPP_MIN_LOG_LEVEL="${TF_CPP_MIN_LOG_LEVEL:-2}"
cd "$copy"
# Types are the other checks' work, and are not the same here: node_modules brings a @types/node of its own.
"${deno[@]}" test --no-check --node-modules-dir=manual --no-lock \
  --allow-read --allow-write --allow-env --allow-sys --allow-ffi --allow-run --allow-net=127.0.0.1 \
  tests/oracle_{laner,attention_weights,word_systems,language_models,bartner}_test.ts \
  tests/model/engine/engine_memory_test.ts tests/model/nn/held_dropout_test.ts tests/model/training/held
