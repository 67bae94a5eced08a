import { commonRules, listRules } from "./common.ts";
import type { Grammar } from "./grammar.ts";
import type { Names } from "./names.ts";
import { RESEARCH_ENTITIES } from "./research_entities.ts";

/**
 * Makes the grammar of the target domain, an invented field of machine learning research: the source's four types and
 * researcher, university, conference, algorithm, task and metrics.
 *
 * The same name may be a researcher or a person, a university or a city, a task or an algorithm, and a word in
 * capitals nearly anything: its type follows from the words around it and from the entities before it.
 *
 * @param names The name lists.
 * @returns The grammar; begin with `sentence`.
 */
export function researchGrammar(names: Names): Grammar {
  return {
    ...commonRules(names),
    ...listRules([
      "person",
      "organisation",
      "location",
      "researcher",
      "university",
      "conference",
      "algorithm",
      "task",
      "metrics",
    ]),
    sentence: ["$methods|$evaluation|$evaluation|$people|$events|$events|$history|$neutral"],

    ...RESEARCH_ENTITIES,

    fit: ["new|simple|fast|robust|popular|small|large|early"],
    proposed: ["proposed|introduced|developed|invented|described|published"],
    beats: ["outperforms|improves_on|replaces|generalises|is_faster_than|is_a_special_case_of"],
    aid: ["is_used_for|was_applied_to|is_common_in|works_well_for|was_designed_for"],

    methods: [
      "$algorithm $beats $algorithm on $task and|or|but_not_on $task .",
      "$algorithm $aid $task , $task and $taskPlain .",
      "A $fit variant|version of $algorithm , called [algorithm $acronym ] , $aid $task .",
      "Methods|Models|Techniques for $task include $algorithmCued , $algorithmPlain and $algorithmPlain .",
      "Methods|Models such as $algorithmCued , $algorithmPlain or $algorithmPlain need large|small|labelled data .",
      "Unlike $algorithm , $algorithm does not need|use labels|gradients|sampling .",
      "$algorithm combines $algorithm with $algorithm .",
      "In $task , $algorithm is often|usually|rarely trained with $algorithm .",
      "Applications include $taskCued , $taskPlain and $taskPlain .",
      "$task is a step|part of $task , for|in which $algorithm is popular|slow|standard .",
      "$task , like $task , can be solved|learned|approximated with a $fit|$kind model|classifier .",
      "The library , written at $organisation , offers|supports $algorithmPair for $task .",
      "$researcher and $researcher $proposed $algorithm for $task in $year .",
      "$algorithm , $proposed by $researcher , is named after the|a river|city in $place .",
    ],
    evaluation: [
      "$algorithm reached|achieved $decimal $metrics and $decimal $metricsPlain on the $dataset .",
      "Common|Standard measures of|for $task are $metricsCued , $metricsPlain and $metricsPlain .",
      "Systems for $task are compared|evaluated by $metrics or $metricsPlain .",
      "Scores : $metricsCued $decimal , $metricsPlain $decimal , $metricsPlain $decimal .",
      "The $dataset , collected at $university , has $hundreds sentences|images in $tongue and $tongue .",
      "In terms of $metrics , $algorithm $beats $algorithm , but its $metricsPlain is lower|higher .",
      "$algorithmCued has $metricsPlain of $decimal , $algorithmPlain of $decimal and $algorithmPlain of $decimal .",
      "$metrics and $metricsPlain were $proposed by $researcher at $conference .",
      "On the $dataset and the $dataset , $algorithm lowers|raises $metrics by $decimal points .",
      "High $metrics does not imply|mean high $metricsPlain , as $researcher showed .",
    ],
    people: [
      "$researcher ( $university ) , $researcher ( $university ) and $researcher ( $organisation ) $proposed $algorithm .",
      "$researcher studied|taught mathematics|physics|linguistics at $university and $universityPlain before joining $organisation .",
      "In $year , $researcher of $university received|shared the $prize with $researcher|$researcherPlain for work|papers on $task .",
      "$researcher , a student of $researcher at $university , $proposed $algorithm .",
      "$researcher#1 , who was born in $place , moved from $university to $universityPlain in $year .",
      "$organisation was founded by $researcher and the|a banker|lawyer|pianist [person $name ] in $locationPlain .",
      "$personCued praised|visited|funded $organisation and its founder [researcher $name ] .",
      "$researcher is married to $personCued and lives in $locationPlain .",
      "[person $name ] , the mayor|president|king of [location $city|$country ] , opened a laboratory of $organisation|$university .",
      "A film about $researcher , with $personCued and $personPlain , was shot in $locationPlain .",
      "The [algorithm $surname#1 machine|network ] is named after [researcher $first $surname#1 ] , who won the [misc $surname#1 Medal ] .",
      "The $tongue computer scientist $researcher worked|works with $researcher at $organisation .",
    ],
    events: [
      "$researcher presented $algorithm at $conference in $place .",
      "$conferenceCued was held|founded in $place in $year by $researcher of $university .",
      "$conference accepted papers on $task by $researcher and $researcherPlain .",
      "Papers at $conferencePair deal with $task and $taskPlain .",
      "$organisation and $organisationPlain sponsored|boycotted $conferenceCued in $locationPlain .",
      "At $conference , $researcher argued that $metrics is|was too simple|slow|noisy for $task .",
      "The prize of $conference went to $researcher , $researcherPlain and $researcherPlain of $university .",
      "The shared task|challenge of $conference was $task in $tongue , $tongue and $tongue .",
      "$conferenceCued , $conferencePlain and $conferencePlain have open reviews|proceedings .",
    ],
    history: [
      "Research|Work on $task began in $year at $university|$organisation in $place .",
      "$organisation used|sold|patented $algorithm for $task in $land and $land .",
      "$organisation bought $organisationPlain , a $fit company from|in $locationPlain .",
      "Laboratories in $locationCued , $locationPlain and $locationPlain followed|closed in $year .",
      "Groups|Teams at $universityCued , $universityPlain and $universityPlain work|worked on $task .",
      "Companies|Firms such as $organisationCued , $organisationPlain and $organisationPlain rely on $algorithm .",
      "The idea is older : $researcher had $proposed it in a letter|lecture|book in $year .",
      "The results were not reproduced|published|believed until $year .",
      "The code , first written for the $tongue railways|post_office , was lost|rewritten in $year .",
    ],
    land: ["[location $country ]"],
    neutral: [
      "$anyList are|were discussed|compared|mentioned|described in chapter|section $small .",
      "$anyList were well_known|unknown|popular in the 1980s|1990s .",
      "$anyPair are|were often|sometimes|never mentioned|confused|compared .",
      "$follows .",
      "See also : $anyList .",
    ],
    anyList: [
      "$researcherList|$universityList|$conferenceList|$algorithmList|$taskList|$metricsList|$organisationList|$personList",
    ],
    anyPair: [
      "$researcherPair|$universityPair|$conferencePair|$algorithmPair|$taskPair|$metricsPair|$organisationPair|$locationPair",
    ],
    later: [
      "was followed|replaced|inspired by",
      "led later|soon| to",
      "is|was better_known|more_popular|older than",
    ],
    follows: [
      "$algorithmCued $later $algorithmPlain",
      "$metricsCued $later $metricsPlain",
      "$conferenceCued $later $conferencePlain",
      "$organisationCued $later $organisationPlain",
      "$taskCued $later $taskPlain",
      "$universityCued $later $universityPlain",
      "$researcherCued $later $researcherPlain",
      "$personCued $later $personPlain",
    ],
  };
}
