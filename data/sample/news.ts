import { commonRules, listRules } from "./common.ts";
import type { Grammar } from "./grammar.ts";
import type { Names } from "./names.ts";

/**
 * Makes the grammar of the news-like source domain: person, organisation, location and misc. Sport reports call a club
 * by its city, and companies and prizes bear people's names, so that only the context tells a name's type.
 *
 * @param names The name lists.
 * @returns The grammar; begin with `sentence`.
 */
export function newsGrammar(names: Names): Grammar {
  return {
    ...commonRules(names),
    ...listRules(["person", "organisation", "location", "misc"]),
    sentence: ["$sport", "$sport", "$politics", "$politics", "$business", "$incident", "$culture", "$mixed"],

    personCued: [
      "[person $first $surname ]",
      "[person $first $surname ]",
      "[person $first $initial $surname ]",
    ],
    personPlain: ["[person $surname ]"],
    person: ["$personCued|$personCued|$personPlain"],
    locationCued: [
      "$land",
      "[location Lake|Mount|Cape|Port|North|South $surname|$city ]",
      "[location $city $area ]",
    ],
    locationPlain: ["[location $city ]"],
    location: ["$locationPlain|$locationPlain|$land|$locationCued"],
    area: ["Bay|Valley|Province|Islands|County|Square|Airport"],
    land: ["[location $country ]"],
    place: ["$location", "$locationPlain , $land"],
    club: [
      "[organisation $city ]",
      "[organisation $city ]",
      "[organisation $city United|Rovers|City|Athletic|Wanderers|Rangers ]",
      "[organisation Sporting|Racing|Dynamo|Olympic $city ]",
    ],
    firm: [
      "[organisation $surname $trade ]",
      "[organisation $surname and $surname ]",
      "[organisation $acronym ]",
      "[organisation $surname ]",
      "[organisation Bank of $country ]",
      "[organisation $demonym $trade ]",
    ],
    trade: ["Motors|Airlines|Foods|Bank|Steel|Energy|Holdings|Insurance|Telecom|Shipping|Press|Group"],
    body: [
      "[organisation $acronym ]",
      "[organisation $city|$country Council|Police|Parliament|University|Court|Hospital ]",
      "[organisation Ministry of Health|Finance|Justice|Defence|Trade ]",
      "[organisation $demonym National|Labour|Liberal|Green|Farmers_' Party|Union|Alliance ]",
      "[organisation University of $city ]",
    ],
    organisationCued: [
      "[organisation $surname $trade ]",
      "[organisation $surname $trade ]",
      "[organisation University of $city ]",
      "[organisation $demonym National|Labour|Green Party|Union ]",
    ],
    organisationPlain: ["[organisation $acronym ]", "[organisation $surname ]"],
    people: ["[misc $demonym ]"],
    miscCued: [
      "[misc $surname|$city Cup|Prize|Medal|Trophy|Open|Marathon|Treaty|Award ]",
      "[misc $demonym Cup|Open ]",
    ],
    miscPlain: ["[misc $surname ]", "[misc $demonym ]"],
    event: ["$miscCued", "[misc $city Games|Festival|Derby ]", "[misc $year World|Winter Games|Cup ]"],
    job: [
      "coach|striker|captain|minister|spokesman|spokeswoman|president|mayor|chairman|director|ambassador|judge|analyst|" +
      "goalkeeper|singer|painter|farmer|teacher|witness|lawyer|general|novelist",
    ],
    when: [
      "on $weekday",
      "in $month",
      "last week|month|year|night",
      "in $year",
      "this week",
      "early on $weekday",
    ],

    sport: [
      "$club beat|defeated|thrashed|edged $club $score at_home|away|in_extra_time| $when .",
      "$club $score $club",
      "$club drew $score with $club in the final|semi-final|second_round|opening_match of the $event .",
      "$personCued ( $people|$land ) beat $personCued ( $people|$land ) $score $score",
      "$small . $personCued ( $land ) $decimal",
      "$small . $personCued , $land , $club , $decimal points|seconds|metres",
      "$club signed|released|sold $people striker|defender|goalkeeper|midfielder $person from|to $club for $small million .",
      "$person scored twice|late|first as $club won|lost|drew $score against|at $club .",
      "$people champion $person won the $event in $place $when .",
      "$club coach $person said his|the|her team had been better|lucky|tired|unbeaten .",
      "$person of $land|$club took the lead in the $event with $decimal points .",
      "Standings after matches played $when : $club , $club , $club and $club .",
      "$club play|host|meet $club in $locationPlain $when , when $personPlain returns from injury .",
      "The $event was won by $personCued , ahead of $personPlain and $personPlain .",
    ],
    politics: [
      "$land 's $job $person arrived in $place $when for talks|a_visit|a_summit with $job $person .",
      "$person , the|a former|new| $job of $land|$body , was elected|arrested|appointed|questioned $when .",
      "The $body said|announced|denied $when that $land would sign|reject|honour the $miscCued .",
      "$people and $people officials|troops|diplomats met in $place $when .",
      "$people president|premier $person urged|told|asked $land|$body to withdraw|vote|wait .",
      "$body leader $person lost|won the vote in $locationPlain by $dozens to $dozens .",
      "$land and $land agreed $when to reopen the border|embassies|talks near $locationPlain .",
      "Talks between $land , $land and the $body ended|began|stalled in $place $when .",
      "Voters in $locationPlain , $locationPlain and $locationPlain backed|rejected the $body .",
      "The $people government|parliament|army dismissed $job $person and $job $personPlain $when .",
      "$person told reporters in $place that the $body had $small days left|to_answer .",
    ],
    business: [
      "$firm said|reported $when its profit|sales|debt rose|fell $decimal percent|million .",
      "Shares in $firm rose|fell $decimal percent after $firm withdrew|raised|made its offer|bid .",
      "$firm will open|close|sell its plant|office|branch in $place , $job $person said .",
      "$firm , $organisationPlain and $organisationPlain bid for the port of $locationPlain .",
      "$people prices|exports|imports rose|fell $decimal percent in $month , the $body said .",
      "$person , who founded $firm in $locationPlain , is leaving|joining|suing $firm .",
      "$land 's $firm bought|sold $hundreds buses|aircraft|tonnes from|to $firm of $land .",
      "$firm named|appointed $personCued as chairman|director , replacing $person .",
      "$organisationList cut|raised|kept their forecasts for $land $when .",
    ],
    incident: [
      "At least|most $dozens people died|were_injured|were_missing when a ferry|train|bus|bridge sank|crashed|collapsed near $place .",
      "A storm|flood|fire|strike closed|hit|reached $locationList $when .",
      "Police|Firemen|Soldiers in $place found|freed|rescued $dozens people|hostages|miners , $job $person said .",
      "$person , $dozens , was killed|hurt|rescued when his|her car left the road to $locationPlain .",
      "An earthquake shook $locationPair $when , the $body reported .",
      "A court in $locationPlain jailed|fined|freed $personPair for fraud|theft|spying $when .",
    ],
    culture: [
      "$people director|author|singer $person won|refused|accepted the $miscCued for a film|novel|song about $land|$locationPlain .",
      "The $event opens|closes in $place $when with music by $person and $person .",
      "$person , born in $locationPlain in $year , taught|wrote|sang at|for the $body .",
      "The book , written in $people , tells of $personPlain and of a village near $locationPlain .",
      "The $miscCued , the $miscPlain and the $miscPlain are awarded|given|held every $month .",
      "$personList will read|sing|speak at the $event .",
    ],
    mixed: [
      "$locationPlain $date",
      "$personList were named|invited|fined by $body|$firm .",
      "$organisationPair have left|joined|praised the $body .",
      "$locationList were mentioned|praised|visited $when .",
      "$personPair were mentioned|praised|replaced $when .",
      "$organisationList were mentioned|praised|replaced $when .",
      '" It is a good|sad|long day for $land|$club|$firm , " said $person .',
      "It was cold|warm|quiet and nobody expected news|rain|changes $when .",
      "Prices|Results|Details were not given|known|published $when .",
    ],
  };
}
