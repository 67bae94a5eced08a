"""Makes multi-cell-lstm/: Multi-Cell LSTM (Jia & Zhang 2020) at tiny size; see README.md.

    python make_multi_cell_lstm.py
"""

import torch

from count_parameters import counts
from multi_cell import DIRECTIONS, in_direction, multi_cell_shapes, read
from reference_parts import assert_same, draw, gradients, in_both_precisions, named, part, write
from word_states import crf_losses, decode, draw_telling

SIZES = {"input_width": 5, "H": 3}
DOMAINS = ["source", "target"]
TYPES = {"source": ["person", "place"], "target": ["event", "Place"]}
PREFIXES = ["B-", "I-", "E-", "S-"]
TAGS = {domain: ["O", *(p + t for t in types for p in PREFIXES)] for domain, types in TYPES.items()}
TAG_IDS = {
    "source": [[1, 3, 0, 8], [0], [5, 6, 7, 4, 0]],
    "target": [[0, 8], [1, 2, 3, 0, 8], [4], [0, 5, 7]],
}
LENGTHS = {domain: [len(tag_ids) for tag_ids in all_ids] for domain, all_ids in TAG_IDS.items()}
# One cell for O and for each type of any domain; types that differ in capitals alone share one.
CELLS = ["O", "PERSON", "PLACE", "EVENT"]
# The cells of a domain: O's, then those of its types in their order.
DOMAIN_CELLS = {domain: [CELLS.index(t.upper()) for t in ["O", *types]] for domain, types in TYPES.items()}


def type_ids(tag_ids, domain):
    """The place of each word's type among the domain's cells: 0 for O."""
    return [0 if i == 0 else 1 + TYPES[domain].index(TAGS[domain][i][2:]) for i in tag_ids]


def run(domain, p, inputs):
    """What one domain computes of its words [W, width], by name, and its losses."""
    cells, found, ways = DOMAIN_CELLS[domain], {}, []
    for way in DIRECTIONS:
        each = [read(x, p, way, cells, domain) for x in inputs.split(LENGTHS[domain])]
        ways.append({name: torch.cat([of_one[name] for of_one in each]) for name in each[0]})
        found |= named(way, ways[-1])
    forward, backward = ways
    states = torch.cat([forward["h"], backward["h"]], 1)
    mean_alpha = (forward["alpha"] + backward["alpha"]) / 2
    typed = torch.cat([forward["typed"], backward["typed"]], 2)  # [W, cells, 2H]
    scores = [typed[:, n] @ p["types.weight"][k] + p["types.bias"][k] for n, k in enumerate(cells)]
    scores = torch.stack(scores, 1)

    emissions, crf = crf_losses(states.split(LENGTHS[domain]), TAG_IDS[domain], part(p, domain))
    gold = [t for tag_ids in TAG_IDS[domain] for t in type_ids(tag_ids, domain)]
    words, n_sentences = range(len(gold)), len(crf)
    typing_losses = -scores.log_softmax(1)[words, gold]
    guidance_losses = -mean_alpha[words, gold].log()
    found |= {
        "states": states,
        "mean_alpha": mean_alpha,
        "type_scores": scores,
        "emissions": torch.cat(emissions),
        "crf_losses": crf,
        "typing_losses": typing_losses,
        "guidance_losses": guidance_losses,
    }
    losses = {
        "crf": crf.sum() / n_sentences,
        "typing": typing_losses.sum() / n_sentences,
        "guidance": guidance_losses.sum() / n_sentences,
    }
    return found, losses


def reference(p, inputs):
    expected, total = {}, 0
    all_values = {**p, **named("inputs", inputs)}
    for domain in DOMAINS:
        found, losses = run(domain, p, inputs[domain])
        of_domain = sum(losses.values())
        total = total + of_domain
        expected |= named(domain, found) | named(f"loss.{domain}", losses) | {f"loss.{domain}": of_domain}
        expected |= named(f"{domain}.gradient", gradients(of_domain, all_values))
        for name, loss in losses.items():
            expected |= named(f"{domain}.{name}.gradient", gradients(loss, all_values))
    of_total = gradients(total, all_values)
    assert of_total.keys() == all_values.keys(), "every parameter learns"
    return {**expected, "loss.total": total, **named("gradient", of_total)}


def check(p, inputs, expected):
    """Reading backwards is reading the turned sentence by the other weights; domains keep to their own."""
    n = LENGTHS["source"][0]
    other = p | {name: p[in_direction(name, "_reverse")] for name in p if in_direction(name, "_reverse") in p}
    turned = read(inputs["source"][:n].flip(0), other, "forward", DOMAIN_CELLS["source"], "source")
    for name, values in turned.items():
        assert_same(values.flip(0), expected[f"source.backward.{name}"][:n])
    for own, other in [DOMAINS, DOMAINS[::-1]]:
        assert not any(name.startswith(f"{own}.gradient.{other}.") for name in expected)
        for cell in set(range(len(CELLS))) - set(DOMAIN_CELLS[own]):
            assert not expected[f"{own}.gradient.cells.weight_ih"][cell].any(), "the cell is the other's"


def check_tags():
    """An entity is S, or B, any I's, E, of one type."""
    for domain in DOMAINS:
        for tag_ids in TAG_IDS[domain]:
            tags = ["O", *(TAGS[domain][i] for i in tag_ids), "O"]
            for tag, following in zip(tags, tags[1:]):
                goes_on = tag[0] in "BI"
                assert goes_on == (following[0] in "IE"), (tag, following)
                assert not goes_on or tag[2:] == following[2:], (tag, following)


def check_counts():
    """At full size there are as many parameters as in PyTorch's modules and, but for heads, as published."""
    for name, width, total in [("words", 150, 1_845_045), ("with_bert", 918, 6_913_845)]:
        parts = {"cells": 0, "composition": 0, "attention": 0, "types": 0, "heads": 0}
        for parameter, shape in multi_cell_shapes(width, 100, 15, {"source": 17, "target": 57}).items():
            own = next((part for part in parts if part in parameter), "heads")
            parts[own] += torch.Size(shape).numel()
        modules = counts()["multi-cell-lstm"][name]
        assert parts == {part: modules["here"][part] for part in parts}, parts
        published = modules["published"]
        assert sum(parts.values()) - parts["heads"] + published["heads"] + published["char_cnn"] == total


def main():
    check_tags()
    check_counts()
    torch.manual_seed(5)
    n_tags = {domain: len(tags) for domain, tags in TAGS.items()}
    p = draw_telling(multi_cell_shapes(**SIZES, n_cells=len(CELLS), n_tags=n_tags))
    inputs = draw({domain: [sum(LENGTHS[domain]), SIZES["input_width"]] for domain in DOMAINS}, 1)
    expected, difference = in_both_precisions(reference, p, inputs)
    check(p, inputs, expected)
    emissions = {domain: expected[f"{domain}.emissions"].split(LENGTHS[domain]) for domain in DOMAINS}
    paths = {domain: decode(emissions[domain], part(p, f"{domain}.crf")) for domain in DOMAINS}
    config = {
        "sizes": SIZES,
        "domains": DOMAINS,
        "types": TYPES,
        "tags": TAGS,
        "cells": CELLS,
        "domain_cells": DOMAIN_CELLS,
        "tag_ids": TAG_IDS,
        "type_ids": {domain: [type_ids(t, domain) for t in TAG_IDS[domain]] for domain in DOMAINS},
        "float32_difference": float(f"{difference:.1e}"),
    }
    write("multi-cell-lstm", config, {"decode": paths}, parameters=p, inputs=inputs, expected=expected)


if __name__ == "__main__":
    main()
