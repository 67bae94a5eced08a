/** The generated source data set. */
export const SAMPLE_SOURCE = "news";

/** The tag scheme of both generated data sets. */
export const SAMPLE_SCHEME = "IOB2";

/** The generated target data set. */
export const SAMPLE_TARGET = "research";
