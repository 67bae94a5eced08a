import type { Grammar } from "./grammar.ts";

/**
 * Rules for the entities of the target domain. The words in or around a cued entity show its type; those of a plain one
 * do not.
 */
export const RESEARCH_ENTITIES: Grammar = {
  name: ["$first $surname", "$first $surname", "$first $initial $surname"],
  researcherCued: [
    "Professor [researcher $surname ]",
    "Dr. [researcher $first $surname ]",
    "[researcher $name ] et al.",
  ],
  researcherPlain: ["[researcher $name ]", "[researcher $surname ]"],
  researcher: ["[researcher $name ]", "[researcher $name ]", "[researcher $surname ]"],
  personCued: ["the actor|singer|senator|novelist|mayor|painter [person $name ]"],
  personPlain: ["[person $name ]", "[person $surname ]"],
  universityCued: [
    "the [university University of $city ]",
    "[university $city University ]",
    "[university $surname College ]",
    "the [university $city Institute of Technology ]",
    "the [university $demonym Technical University ]",
  ],
  universityPlain: ["[university $city ]", "[university $surname ]"],
  university: ["$universityCued|$universityCued|$universityPlain"],
  organisationCued: [
    "[organisation $surname Labs|Systems|Robotics|Foundation ]",
    "the [organisation $demonym Research Council ]",
  ],
  organisationPlain: ["[organisation $surname ]", "[organisation $acronym ]"],
  organisation: ["$organisationCued|$organisationPlain"],
  locationCued: [
    "the city|port|town of [location $city ]",
    "[location $country ]",
    "[location $city Valley|Bay|Province ]",
  ],
  locationPlain: ["[location $city ]", "[location $city ]", "[location $country ]"],
  place: ["$locationPlain", "$locationCued", "[location $city ] , [location $country ]"],
  tongue: ["[misc $demonym ]"],
  prize: ["[misc $surname Prize|Medal|Lecture|Award ]"],
  dataset: ["[misc $acronym corpus|benchmark ]", "[misc $city Corpus|Treebank ]", "[misc $acronym ]"],
  conferenceCued: [
    "the [conference International Conference on $Subject ]",
    "the [conference Workshop on $Subject ]",
    "the [conference $city|$surname Symposium|Conference|Workshop ]",
    "the [conference $demonym Meeting on $Subject ]",
  ],
  conferencePlain: ["[conference $acronym ]", "[conference $acronym ]", "[conference $city ]"],
  conference: [
    "$conferenceCued",
    "$conferenceCued",
    "[conference $acronym ] $year",
    "[conference $acronym ]",
  ],
  Subject: [
    "Speech|Image|Graph|Text|Music|Neural|Robot Parsing|Retrieval|Clustering|Learning|Planning|Computation",
  ],

  algorithmCued: [
    "the [algorithm $surname algorithm|machine|network|transform ]",
    "the [algorithm $acronym network|encoder ]",
    "[algorithm $kind $object machine|network|forest|search|descent|filter|automaton ]",
    "[algorithm $kind $object $object network|machine ]",
  ],
  algorithmPlain: [
    "[algorithm $acronym ]",
    "[algorithm $acronym ]",
    "[algorithm $object $process ]",
    "[algorithm $kind $process ]",
  ],
  algorithm: ["$algorithmCued|$algorithmPlain|$algorithmPlain"],
  kind: ["sparse|deep|hidden|latent|gated|convex|greedy|recurrent|random|kernel|Bayesian|stochastic"],
  object: ["gradient|memory|margin|feature|graph|tree|path|attention|belief|image|text|phrase"],
  process: ["clustering|alignment|ranking|parsing|sampling|boosting|matching|pooling"],
  taskCued: [
    "[task $topic recognition|translation|captioning|tagging|summarisation|understanding ]",
    "[task $kind|visual|automatic $topic recognition|captioning|retrieval ]",
    "[task $topic $topic retrieval|answering|tracking ]",
  ],
  taskPlain: [
    "[task $object $process ]",
    "[task $topic $process ]",
    "[task $topic retrieval|segmentation ]",
    "[task $process ]",
  ],
  task: ["$taskCued|$taskPlain|$taskPlain"],
  topic: [
    "speech|image|scene|text|dialogue|music|video|question|protein|graph|handwriting|word_sense|phrase",
  ],
  metricsCued: [
    "[metrics $average accuracy|precision|recall|error|overlap ]",
    "[metrics word|phrase|tree|frame error_rate|edit_distance ]",
    "the [metrics $surname score|coefficient|index|distance ]",
  ],
  metricsPlain: ["[metrics $acronym ]", "[metrics accuracy|precision|recall|perplexity|overlap|coverage ]"],
  metrics: ["$metricsCued|$metricsPlain|$metricsPlain"],
  average: ["mean|macro|weighted|exact|relative|top-5"],
};
