/** The part of `jsr:@std/cli` that the toolkit uses. See parse_args.ts. */
export * from "./parse_args.ts";
