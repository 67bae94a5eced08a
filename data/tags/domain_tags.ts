/** The tags of both domains, for systems with parts of their own for each domain. */
import type { Domain } from "../batches/domain_batches.ts";
import { createTagSet, type TagSet } from "./tag_set.ts";

/** The tags of the data sets that a model is made for; without a source, both are the target's. */
export type Domains = Record<Domain, TagSet>;

/** The domains, in the order in which their parts are stored. */
export const DOMAINS = ["source", "target"] as const;

/**
 * Returns the tags of the same types in the scheme IOBES, which tells beginnings, ends and single words apart for CRFs.
 */
export function iobesTags({ entityTypes }: TagSet): TagSet {
  return createTagSet(entityTypes, { scheme: "IOBES" });
}

/**
 * Returns the domain whose tags a model predicts: the source where it has the tags of the source alone, else the
 * target.
 */
export function predictedDomain(tags: TagSet, domains: Domains): Domain {
  const hasTagsOf = (domain: Domain) => tags.tags.join("\n") === domains[domain].tags.join("\n");
  return hasTagsOf("source") && !hasTagsOf("target") ? "source" : "target";
}
