/** The generated source data set. */
export const SAMPLE_SOURCE = "news";

/** The generated target data set. */
export const SAMPLE_TARGET = "research";
