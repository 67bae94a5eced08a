/** What systems with something of its own for each domain know of the domains' tags. */
import type { Domain } from "../../data/batches/domain_batches.ts";
import { createTagSet, type TagSet } from "../../data/tags/tag_set.ts";
import type { Domains } from "../systems/system.ts";

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
