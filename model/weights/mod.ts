/**
 * Weights: fresh parameters, and Safetensors files.
 *
 * @module
 */
export { initialParameters, type Parameters } from "./parameters.ts";
export { readSafetensors, toFloat32, writeSafetensors } from "./safetensors.ts";
