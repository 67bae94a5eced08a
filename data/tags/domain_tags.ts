/** What systems with something of its own for each domain know of the domains' tags. */
import type { Domain } from "../batches/domain_batches.ts";
import { createTagSet, type TagSet } from "./tag_set.ts";

/** The tags of the data sets that a model is made for; without a source, the target's twice. */
export type Domains = Record<Domain, TagSet>;

/** The domains, in the order in which what they have is stored. */
export const DOMAINS = ["source", "target"] as const;

/** The same types with beginnings, ends and single words told apart, as CRFs like it. */
export function iobesTags({ entityTypes }: TagSet): TagSet {
  return createTagSet(entityTypes, { scheme: "IOBES" });
}

/** The domain whose tags a model predicts: the source where it has the tags of the source alone, else the target. */
export function predictedDomain(tags: TagSet, domains: Domains): Domain {
  const hasTagsOf = (domain: Domain) => tags.tags.join("\n") === domains[domain].tags.join("\n");
  return hasTagsOf("source") && !hasTagsOf("target") ? "source" : "target";
}
