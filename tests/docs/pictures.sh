#!/usr/bin/env bash
# Makes the pictures in docs/pictures/ anew from a run of the sample's ablation: the head of its report, and sentences
# of its test set with what LANER found in them. Takes some minutes; needs pngquant and Chromium,
# whose command CHROMIUM may name, with flags.
#   bash tests/docs/pictures.sh [RESULTS]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

results="$(realpath "${1:-results}")"
deno task reproduce --only table_3 --results "$results"

# LANER, seed 555, with an adapted encoder.
model="$(deno task finetune --system laner --seed 555 --dapt --results "$results" | sed -n 's/^Model: \(.*\) (.*/\1/p')"
deno run --allow-read --allow-write=docs tests/docs/tagged_text.ts "$model/test.conll" docs/pictures/tagged_text.svg

${CHROMIUM:-chromium} --headless --disable-gpu --hide-scrollbars --window-size=1180,1440 \
  --screenshot=docs/pictures/report.png "file://$results/sample/selections/only=table_3/report.html"
pngquant --force --ext .png 64 docs/pictures/report.png
