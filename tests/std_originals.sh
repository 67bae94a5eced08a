#!/usr/bin/env bash
# Runs every test with @std/assert, @std/cli and @std/yaml as they are on JSR, in place of the stand-ins in vendor/std.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if command -v deno > /dev/null; then
  deno=(deno)
else
  deno=(npx -y deno@2.9.6)
fi

# In this folder, as what it names is relative to it.
config=deno.originals.json
trap 'rm -f "$config"' EXIT
"${deno[@]}" eval 'const { links, lock, ...rest } = JSON.parse(Deno.readTextFileSync("deno.json"));
  Deno.writeTextFileSync(Deno.args[0], JSON.stringify(rest));' "$config"

for package in @std/assert @std/cli/parse-args @std/yaml/unstable-parse; do
  "${deno[@]}" eval --quiet --no-lock --config "$config" "import '$package';" 2> /dev/null || {
    echo "test:std: $package cannot be fetched from JSR (https://jsr.io); nothing was tested" >&2
    exit 1
  }
done
"${deno[@]}" test --quiet --no-lock --config "$config" --allow-read --allow-write --allow-env --allow-net=127.0.0.1 \
  --allow-ffi --allow-sys --allow-run tests/
