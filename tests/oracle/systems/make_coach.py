"""Makes coach/: Coach (Liu et al. 2020, as CrossNER has it) at tiny size; see README.md.

    python make_coach.py
"""

import torch
from torch import nn

from reference_parts import bilstm, draw, gradients, in_both_precisions, named, part, write
from template_regularisation import (
    TEMPLATES,
    check_sides,
    distances,
    regularisation,
    template,
    template_shapes,
    vectors,
)
from word_states import (
    FIRST_ID,
    bilstm_shapes,
    crf_losses,
    decode,
    draw_telling,
    ids_of,
    packed_bilstm,
    tagger_shapes,
)

# Types are as wide as words: a template has a type's vector where the sentence has an entity.
SIZES = {"word_width": 6, "H": 4, "n_layers": 2, "entity_H": 3}
COARSE_TAGS = ["O", "B", "I"]
TYPES = ["person", "place", "event"]
TAGS = ["O", *(prefix + t for t in TYPES for prefix in ["B-", "I-"])]
SENTENCES = [
    "Ada Lovelace met Bob Zed in New York city at noon".split(),
    ["Bonn"],
    "they met at noon".split(),
    "Bob in Bonn in May".split(),
    ["Expo", "Bonn"],
]
# Places [start, end) and types.
ENTITIES = [
    [(0, 2, "person"), (3, 4, "person"), (4, 5, "person"), (6, 9, "place")],
    [(0, 1, "place")],
    [],
    [(0, 1, "person"), (2, 5, "event")],
    [(0, 2, "event")],
]
UNKNOWN_WORDS = ["Zed", "May"]
WORDS = sorted({word for sentence in SENTENCES for word in sentence} - set(UNKNOWN_WORDS))
WORD_IDS = [ids_of(sentence, WORDS) for sentence in SENTENCES]
LENGTHS = [len(sentence) for sentence in SENTENCES]


def tags_of(entities, n_words):
    tags = ["O"] * n_words
    for start, end, entity_type in entities:
        tags[start:end] = ["B-" + entity_type] + ["I-" + entity_type] * (end - start - 1)
    return [TAGS.index(tag) for tag in tags]


TAG_IDS = [tags_of(entities, n) for entities, n in zip(ENTITIES, LENGTHS)]
COARSE_TAG_IDS = [[COARSE_TAGS.index(TAGS[i][0]) for i in tag_ids] for tag_ids in TAG_IDS]

# Sentences without entities have no wrong templates. A wrong type is one of the two that are not right.
WITH_ENTITIES = [i for i, entities in enumerate(ENTITIES) if entities]
TEMPLATE_TYPES = {
    name: [[(TYPES.index(t) + shift) % len(TYPES) for *_, t in ENTITIES[i]] for i in WITH_ENTITIES]
    for shift, name in enumerate(TEMPLATES)
}


def parameter_shapes(word_width, H, n_layers, entity_H):
    return {
        "words.weight": [FIRST_ID + len(WORDS), word_width],
        **tagger_shapes(word_width, H, n_layers, len(COARSE_TAGS)),
        **named("entity_lstm", bilstm_shapes(2 * H, entity_H, 1)),
        **template_shapes(word_width, H, n_layers),
    }


def type_scores(p, types, states, start, end):
    """Scores of an entity's types: what a second BiLSTM makes of its words, summed, by types' vectors."""
    return types @ bilstm(states[start:end], part(p, "entity_lstm")).sum(0)


def reference(p, given):
    types = given["types"]
    word_vectors = [p["words.weight"][ids] for ids in WORD_IDS]
    states = packed_bilstm(word_vectors, part(p, "bilstm"), SIZES["n_layers"])
    emissions, per_sentence = crf_losses(states, COARSE_TAG_IDS, p)

    gold = [(i, *entity) for i, entities in enumerate(ENTITIES) for entity in entities]
    scores = torch.stack([type_scores(p, types, states[i], start, end) for i, start, end, _ in gold])
    gold_types = torch.tensor([TYPES.index(t) for *_, t in gold])
    typing_losses = nn.functional.cross_entropy(scores, gold_types, reduction="none")

    # Words do not learn from templates.
    templates = {
        name: [
            template(word_vectors[i].detach(), ENTITIES[i], types[entity_types])
            for i, entity_types in zip(WITH_ENTITIES, of_name)
        ]
        for name, of_name in TEMPLATE_TYPES.items()
    }
    found = vectors(p, SIZES["n_layers"], [states[i] for i in WITH_ENTITIES], templates)
    by_template = distances(found)

    losses = {
        "crf": per_sentence.mean(),
        "typing": typing_losses.mean(),
        "templates": regularisation(by_template),
    }
    of_losses = {name: gradients(loss, p) for name, loss in losses.items()}
    check_sides(found, p, of_losses["templates"])
    total = losses["crf"] + losses["typing"]
    expected = {
        "states": torch.cat(states),
        "emissions": torch.cat(emissions),
        "crf_losses": per_sentence,
        "type_scores": scores,
        "typing_losses": typing_losses,
        **named("templates", found),
        **named("loss.templates", by_template),
        **named("loss", losses),
        "loss.total": total,
        "loss.total_with_templates": total + losses["templates"],
        **named("gradient", gradients(total, p)),
    }
    for name, d in of_losses.items():
        expected |= named(f"{name}.gradient", d)
    return expected


def spans(coarse_ids):
    """Entities [start, end): a B and the I's that follow it without a gap; any other I is of none."""
    found = []
    for i, tag in enumerate(coarse_ids):
        if COARSE_TAGS[tag] == "B":
            found.append([i, i + 1])
        elif COARSE_TAGS[tag] == "I" and found and found[-1][1] == i:
            found[-1][1] = i + 1
    return found


def predict(p, types, expected):
    paths = decode(expected["emissions"].split(LENGTHS), part(p, "crf"))
    found = []
    for path, states in zip(paths, expected["states"].split(LENGTHS)):
        coarse_ids = path.pop("tag_ids")
        entities, all_scores = [], []
        for start, end in spans(coarse_ids):
            scores = type_scores(p, types, states, start, end)
            first, second = scores.topk(2).values
            assert first - second > 1e-3, "float32 might choose another type"
            entities.append((start, end, TYPES[int(scores.argmax())]))
            all_scores.append([round(float(x), 6) for x in scores])
        found.append({
            "coarse_tag_ids": coarse_ids,
            **path,
            "entities": entities,
            "type_scores": all_scores,
            "tag_ids": tags_of(entities, len(states)),
        })
    check_coverage(found)
    return found


def check_coverage(found):
    """What a wrong program might get right by chance has to occur."""
    entities = [entity for sentence in found for entity in sentence["entities"]]
    assert any(end - start > 1 for start, end, _ in entities), "an entity of several words"
    assert len({entity_type for *_, entity_type in entities}) > 1, "two types"
    strays = {"before": 0, "after": 0}  # I's of no entity, before and after the sentence's first one.
    for sentence in found:
        first = min([start for start, *_ in sentence["entities"]], default=len(sentence["tag_ids"]))
        for i, (tag, full) in enumerate(zip(sentence["coarse_tag_ids"], sentence["tag_ids"])):
            if COARSE_TAGS[tag] == "I" and TAGS[full] == "O":
                strays["before" if i < first else "after"] += 1
    assert all(strays.values()), strays


def main():
    torch.manual_seed(241)
    p = draw_telling(parameter_shapes(**SIZES))
    given = draw({"types": [len(TYPES), 2 * SIZES["entity_H"]]}, 1)
    # Strong enough to attend to some words more than to others.
    p |= draw({name: x.shape for name, x in p.items() if name.endswith("_attention")}, 6)
    expected, difference = in_both_precisions(reference, p, given)
    config = {
        "sizes": SIZES,
        "words": WORDS,
        "first_id": FIRST_ID,
        "coarse_tags": COARSE_TAGS,
        "types": TYPES,
        "tags": TAGS,
        "sentences": SENTENCES,
        "word_ids": WORD_IDS,
        "tag_ids": TAG_IDS,
        "coarse_tag_ids": COARSE_TAG_IDS,
        "entities": ENTITIES,
        "template_sentences": WITH_ENTITIES,
        "template_types": TEMPLATE_TYPES,
        "float32_difference": float(f"{difference:.1e}"),
    }
    decoded = {"decode": {"sentences": predict(p, given["types"], expected)}}
    write("coach", config, decoded, parameters=p, inputs=given, expected=expected)


if __name__ == "__main__":
    main()
