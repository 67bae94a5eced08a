"""Makes coach/: Coach (Liu et al. 2020, as CrossNER has it) at tiny size, with template regularisation; see README.md.

    python make_coach.py
"""

import torch
from torch import nn

from reference_parts import assert_same, bilstm, draw, gradients, in_both_precisions, named, part, write
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
# Places [start, end) and types of the entities.
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


def tags_of(entities, n_words):
    tags = ["O"] * n_words
    for start, end, entity_type in entities:
        tags[start:end] = ["B-" + entity_type] + ["I-" + entity_type] * (end - start - 1)
    return [TAGS.index(tag) for tag in tags]


def coarse(tag_ids):
    return [COARSE_TAGS.index(TAGS[i][0]) for i in tag_ids]


TAG_IDS = [tags_of(entities, len(sentence)) for entities, sentence in zip(ENTITIES, SENTENCES)]
COARSE_TAG_IDS = [coarse(tag_ids) for tag_ids in TAG_IDS]

# Of each sentence with entities: their types as they are, and each twice replaced by another one.
TEMPLATES = ["correct", "wrong_1", "wrong_2"]
WITH_ENTITIES = [i for i, entities in enumerate(ENTITIES) if entities]
TEMPLATE_TYPES = [
    [[(TYPES.index(t) + shift) % len(TYPES) for _, _, t in ENTITIES[i]] for shift in range(len(TEMPLATES))]
    for i in WITH_ENTITIES
]


def parameter_shapes(word_width, H, n_layers, entity_H):
    return {
        "words.weight": [FIRST_ID + len(WORDS), word_width],
        **tagger_shapes(word_width, H, n_layers, len(COARSE_TAGS)),
        **named("entity_lstm", bilstm_shapes(2 * H, entity_H, 1)),
        **named("template_lstm", bilstm_shapes(word_width, H, n_layers)),
        "template_attention": [2 * H],
        "utterance_attention": [2 * H],
    }


def type_scores(p, types, states, start, end):
    """Scores of an entity's types: the sum over its words of what a second BiLSTM makes of their states, by types."""
    return types @ bilstm(states[start:end], part(p, "entity_lstm")).sum(0)


def attend(states, query):
    """The mean of states [N, 2H], weighted by a softmax over the sentence's own words."""
    return (states @ query).softmax(0) @ states


def template(p, types, sentence, entity_types):
    """What a template is read as: vectors of words, and of a type where an entity is; they get no gradient."""
    rows, after = [], 0
    for (start, end, _), entity_type in zip(ENTITIES[sentence], entity_types):
        rows += [p["words.weight"][i] for i in WORD_IDS[sentence][after:start]] + [types[entity_type]]
        after = end
    return torch.stack(rows + [p["words.weight"][i] for i in WORD_IDS[sentence][after:]]).detach()


def template_distances(p, types, states):
    """Mean squared distances of utterances and templates, and their vectors."""
    utterances = torch.stack([attend(states[i], p["utterance_attention"]) for i in WITH_ENTITIES])
    found, distances = {"utterances": utterances}, {}
    for which, name in enumerate(TEMPLATES):
        inputs = [template(p, types, i, t[which]) for i, t in zip(WITH_ENTITIES, TEMPLATE_TYPES)]
        read = packed_bilstm(inputs, part(p, "template_lstm"), SIZES["n_layers"])
        found[name] = torch.stack([attend(h, p["template_attention"]) for h in read])
        distances[name] = nn.functional.mse_loss(found[name], utterances)
    return found, distances


def regularisation(distances):
    return distances["correct"] - distances["wrong_1"] - distances["wrong_2"]


def reference(p, given):
    types = given["types"]
    word_vectors = [p["words.weight"][ids] for ids in WORD_IDS]
    states = packed_bilstm(word_vectors, part(p, "bilstm"), SIZES["n_layers"])
    emissions, per_sentence = crf_losses(states, COARSE_TAG_IDS, p)

    gold = [(i, *entity) for i, entities in enumerate(ENTITIES) for entity in entities]
    scores = torch.stack([type_scores(p, types, states[i], start, end) for i, start, end, _ in gold])
    gold_types = torch.tensor([TYPES.index(t) for *_, t in gold])
    typing_losses = nn.functional.cross_entropy(scores, gold_types, reduction="none")

    vectors, distances = template_distances(p, types, states)
    losses = {"crf": per_sentence.mean(), "typing": typing_losses.mean(), "templates": regularisation(distances)}
    of_losses = {name: gradients(loss, p) for name, loss in losses.items()}
    total = losses["crf"] + losses["typing"]
    check_sides(vectors, p, of_losses["templates"])
    return {
        "states": torch.cat(states),
        "emissions": torch.cat(emissions),
        "crf_losses": per_sentence,
        "type_scores": scores,
        "typing_losses": typing_losses,
        **named("templates", vectors),
        **named("loss.templates", distances),
        **named("loss", losses),
        "loss.total": total,
        "loss.total_with_templates": total + losses["templates"],
        **named("gradient", gradients(total, p)),
        **{f"{loss}.gradient.{name}": x for loss, d in of_losses.items() for name, x in d.items()},
    }


def check_sides(vectors, p, d):
    """Each parameter's gradient comes from one side, the utterances' or the templates', the other being fixed."""
    sides = {}
    for side in ["templates", "utterances"]:
        free = {name: x if (name == "utterances") == (side == "utterances") else x.detach() for name, x in vectors.items()}
        mse = {name: nn.functional.mse_loss(free[name], free["utterances"]) for name in TEMPLATES}
        sides[side] = gradients(regularisation(mse), p)
    assert all(name.startswith("template_") for name in sides["templates"])
    assert not any(name.startswith("template_") for name in sides["utterances"])
    both = sides["templates"] | sides["utterances"]
    assert both.keys() == d.keys()
    for name in d:
        assert_same(both[name], d[name])


def spans(coarse_ids):
    """Entities [start, end): a B and the I's that follow it without a gap; any other I is of none."""
    found = []
    for i, tag in enumerate(coarse_ids):
        if COARSE_TAGS[tag] == "B":
            found.append([i, i + 1])
        elif COARSE_TAGS[tag] == "I" and found and found[-1][1] == i:
            found[-1][1] = i + 1
    return found


def predict(p, given, expected):
    lengths = [len(sentence) for sentence in SENTENCES]
    states = expected["states"].split(lengths)
    paths, found = decode(expected["emissions"].split(lengths), part(p, "crf")), []
    for path, h in zip(paths, states):
        entities, scores = spans(path["tag_ids"]), []
        for start, end in entities:
            scores.append(type_scores(p, given["types"], h, start, end))
            first, second = scores[-1].topk(2).values
            assert first - second > 1e-3, "float32 might choose another type"
        typed = [(*span, TYPES[int(s.argmax())]) for span, s in zip(entities, scores)]
        found.append({
            "coarse_tag_ids": path.pop("tag_ids"),
            **path,
            "entities": typed,
            "type_scores": [[round(float(x), 6) for x in s] for s in scores],
            "tag_ids": tags_of(typed, len(h)),
        })
    check_coverage(found)
    return {"sentences": found}


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
    write("coach", config, {"decode": predict(p, given, expected)}, parameters=p, inputs=given, expected=expected)


if __name__ == "__main__":
    main()
