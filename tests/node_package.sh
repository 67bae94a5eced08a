#!/usr/bin/env bash
# Installs the package with npm as its users do, without install scripts, and tests it in Node 22, the lowest version
# that it is for. Needs deno, npm and their registry.
#
# Usage: tests/node_package.sh [SCRATCH_FOLDER]    (default: .cache/node_package in the repository)
set -euo pipefail

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if command -v deno > /dev/null; then
  deno=(deno)
else
  deno=(npx -y deno@2.9.6)
fi
scratch=${1:-$repository/.cache/node_package}
mkdir -p "$scratch"
scratch=$(cd "$scratch" && pwd)

cd "$repository"
"${deno[@]}" pack --quiet --allow-dirty --output "$scratch/package.tgz"
cd "$scratch"
echo '{ "private": true, "type": "module" }' > package.json
# The same version may have been packed and installed before, from other files.
rm -rf package-lock.json node_modules/@laner
npm install --ignore-scripts --no-audit --no-fund --loglevel=error ./package.tgz \
  "$(node -p '`node-${process.platform}-${process.arch}@22`')"
PATH=$(dirname "$(find "$scratch"/node_modules/node-*/bin -name 'node*' | head -n 1)"):$PATH
export PATH
echo "Node $(node --version)"

cd "$repository"
NODE_PACKAGE=$scratch "${deno[@]}" test --quiet --allow-read --allow-write --allow-env=NODE_PACKAGE --allow-ffi --allow-sys \
  --allow-run tests/package/node_test.ts
