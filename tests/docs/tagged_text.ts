/**
 * Draws sentences with the entities that a model found in them, from a stage's `test.conll`: word, gold tag, predicted
 * tag. `pictures.sh` makes docs/pictures/tagged_text.svg with it.
 */
import { type Span, tagsToSpans } from "../../data/tags/tag_scheme.ts";
import { parseConll } from "../../data/text/conll.ts";
import { textWidth } from "../../tasks/report/charts/text_width.ts";

/** A sentence with what was found in it and what is in it. */
export interface TaggedSentence {
  words: readonly string[];
  found: readonly Span[];
  gold: readonly Span[];
}

const WIDTH = 620;
const MARGIN = 20;
const SIZE = 17;
const LABEL_SIZE = 11;
const LINE = 38;
const SPACE = 6;

/** Fills of entity types in the order in which they appear, each with ink on it at 7:1 or more. */
const FILLS = [
  "#cfe6f7",
  "#fbdcc4",
  "#c9ebdc",
  "#f3d5e8",
  "#efe3b4",
  "#ded6f5",
  "#dddddd",
  "#d9e8bf",
  "#f6cfcf",
  "#c8e9ec",
];
const INK = "#1c2126";

/**
 * Draws sentences one below the other; an entity that is not in the gold tags, or not so, has a dashed frame.
 *
 * @param sentences What to draw.
 * @param title What a screen reader says of the picture.
 * @returns An SVG document of one width.
 */
export function taggedTextSvg(sentences: readonly TaggedSentence[], title: string): string {
  const types = [...new Set(sentences.flatMap(({ found }) => found.map(({ entityType }) => entityType)))];
  const parts: string[] = [];
  let y = MARGIN;
  for (const sentence of sentences) {
    let x = MARGIN;
    for (const piece of piecesOf(sentence)) {
      const width = widthOf(piece);
      const isClosing = /^[.,;:!?)]$/.test(piece.text);
      if (isClosing) x -= SPACE - 1;
      else if (x > MARGIN && x + width > WIDTH - MARGIN) {
        x = MARGIN;
        y += LINE;
      }
      parts.push(
        drawPiece(piece, { x, y, fill: FILLS[types.indexOf(piece.entityType ?? "") % FILLS.length]! }),
      );
      x += width + SPACE;
    }
    y += LINE + 8;
  }
  const height = y + MARGIN - 16;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" ` +
    `role="img" font-family="system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif" fill="${INK}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${WIDTH}" height="${height}" rx="8" fill="#ffffff" stroke="#d0d4d9"/>`,
    ...parts,
    "</svg>\n",
  ].join("\n");
}

/** A word outside entities, or an entity. */
interface Piece {
  text: string;
  entityType?: string;
  isRight: boolean;
}

function piecesOf({ words, found, gold }: TaggedSentence): Piece[] {
  const pieces: Piece[] = [];
  for (let i = 0; i < words.length; i++) {
    const span = found.find(({ start }) => start === i);
    if (span === undefined) {
      pieces.push({ text: words[i]!, isRight: true });
      continue;
    }
    const { start, end, entityType } = span;
    const isRight = gold.some((one) =>
      one.start === start && one.end === end && one.entityType === entityType
    );
    pieces.push({ text: words.slice(start, end).join(" "), entityType, isRight });
    i = end - 1;
  }
  return pieces;
}

// Letters are narrower than the widest fonts that textWidth measures.
const letters = (text: string) => 0.92 * textWidth(text, SIZE);
const label = (text: string) => textWidth(text, LABEL_SIZE);

function widthOf({ text, entityType }: Piece): number {
  return letters(text) + (entityType === undefined ? 0 : label(entityType) + 24);
}

function drawPiece(piece: Piece, { x, y, fill }: { x: number; y: number; fill: string }): string {
  const { text, entityType, isRight } = piece;
  const baseline = y + 20;
  const at = (value: number) => value.toFixed(1);
  const draw = (text: string, x: number, width: number, style: string) =>
    `<text x="${at(x)}" y="${baseline}" textLength="${at(width)}" ${style}>${escapeXml(text)}</text>`;
  if (entityType === undefined) return draw(text, x, letters(text), `font-size="${SIZE}"`);
  const frame = isRight ? "" : ` stroke="${INK}" stroke-dasharray="4 3"`;
  return [
    `<rect x="${at(x)}" y="${y}" width="${at(widthOf(piece))}" height="29" rx="5" fill="${fill}"${frame}/>`,
    draw(text, x + 8, letters(text), `font-size="${SIZE}"`),
    draw(
      entityType,
      x + 16 + letters(text),
      label(entityType),
      `font-size="${LABEL_SIZE}" font-weight="600"`,
    ),
  ].join("");
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** The first sentences in which entities of several types were found, no longer than a few lines. */
function sentencesToDraw(text: string, n: number): TaggedSentence[] {
  const gold = parseConll(text, { tagColumn: 1 });
  const predicted = parseConll(text, { tagColumn: 2 });
  const all = gold.map(({ words, tags }, i) => ({
    words,
    gold: tagsToSpans(tags),
    found: tagsToSpans(predicted[i]!.tags),
  }));
  const hasMany = ({ found }: TaggedSentence) => new Set(found.map(({ entityType }) => entityType)).size >= 3;
  return all.filter(hasMany).slice(0, n);
}

if (import.meta.main) {
  const from = Deno.args[0]!;
  const to = Deno.args[1]!;
  const sentences = sentencesToDraw(await Deno.readTextFile(from), 4);
  await Deno.writeTextFile(
    to,
    taggedTextSvg(sentences, "Sentences with the entities that a trained model found in them"),
  );
}
