/** Rounding to number types of 16 bits, by which engines are checked. */
import type { Precision } from "../../../model/engine/precision.ts";

/** Binary digits of a number, the first included. */
const DIGITS: Record<Precision, number> = { float16: 11, bfloat16: 8 };
/** The exponent of the least number with all digits. */
const LEAST: Record<Precision, number> = { float16: -14, bfloat16: -126 };

/** Rounds to the nearest number of a type, of two to the even one; for numbers that are not too large for it. */
export function roundTo(precision: Precision, value: number): number {
  if (value === 0 || !Number.isFinite(value)) return value;
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(value))), LEAST[precision]);
  const unit = 2 ** (exponent - DIGITS[precision] + 1);
  const quotient = value / unit;
  const floor = Math.floor(quotient);
  const rest = quotient - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  return (up ? floor + 1 : floor) * unit;
}
