"""Makes multi-cell-lstm/: Multi-Cell LSTM (Jia & Zhang 2020) at tiny size; see README.md.

    python make_multi_cell_lstm.py
"""

import torch

from count_parameters import counts
from reference_parts import (
    assert_same,
    crf_shapes,
    draw,
    gradients,
    in_both_precisions,
    linear_shapes,
    named,
    part,
    write,
)
from word_states import crf_losses, decode, draw_telling

SIZES = {"input_width": 5, "H": 3}
DOMAINS = ["source", "target"]
TYPES = {"source": ["person", "place"], "target": ["event", "Place"]}
TAGS = {
    domain: ["O", *(prefix + t for t in types for prefix in ["B-", "I-", "E-", "S-"])]
    for domain, types in TYPES.items()
}
TAG_IDS = {
    "source": [[1, 3, 0, 8], [0], [5, 6, 7, 4, 0]],
    "target": [[0, 8], [1, 2, 3, 0, 5], [4], [0, 5, 7]],
}
# One cell for O and for each type of any domain; types that differ in capitals alone share one.
CELLS = ["O", "PERSON", "PLACE", "EVENT"]
# The cells of a domain: O's, then those of its types in their order.
DOMAIN_CELLS = {
    domain: [CELLS.index(t.upper()) for t in ["O", *types]] for domain, types in TYPES.items()
}
DIRECTIONS = {"forward": "", "backward": "_reverse"}


def direction_shapes(input_width, H, n_cells):
    """Of one direction: rows are the gates i, g of each cell, and i, o, candidate of the composition."""
    attention = {"P.weight": [2 * H, H], "Q.weight": [2 * H, H], "v.weight": [1, 2 * H]}
    return {
        "cells.weight_ih": [n_cells, 2 * H, input_width],
        "cells.weight_hh": [n_cells, 2 * H, H],
        "cells.bias": [n_cells, 2 * H],
        "composition.weight_ih": [3 * H, input_width],
        "composition.weight_hh": [3 * H, H],
        "composition.bias": [3 * H],
        **named("source.attention", attention),
        **named("target.attention", attention),
    }


def with_suffix(name, suffix):
    """The name that a parameter has in the backward direction: `attention.P_reverse.weight`, `cells.bias_reverse`."""
    return name.replace(".weight", suffix + ".weight") if "attention" in name else name + suffix


def parameter_shapes(input_width, H, n_cells, n_tags):
    shapes = {"types.weight": [n_cells, 2 * H], "types.bias": [n_cells]}
    for suffix in DIRECTIONS.values():
        shapes |= {with_suffix(n, suffix): s for n, s in direction_shapes(input_width, H, n_cells).items()}
    for domain, K in n_tags.items():
        shapes |= named(f"{domain}.emissions", linear_shapes(2 * H, K)) | named(f"{domain}.crf", crf_shapes(K))
    return shapes


def step(x, h, c, w, domain):
    """One word x after the state h, c: the new state, the attention and the states of the domain's cells.

    i_k, g_k = σ, tanh(W_k x + U_k h + b_k); c_k = i_k g_k + (1 - i_k) c
    i, o, c̃ = σ, σ, tanh(W x + U h + b); α = softmax_k(v · tanh(P c̃ + Q c_k))
    c' = i Σ_k α_k c_k + (1 - i) c; h' = o tanh c'
    """
    typed = []
    for k in DOMAIN_CELLS[domain]:
        i, g = (w["cells.weight_ih"][k] @ x + w["cells.weight_hh"][k] @ h + w["cells.bias"][k]).chunk(2)
        typed.append(i.sigmoid() * g.tanh() + (1 - i.sigmoid()) * c)
    gates = w["composition.weight_ih"] @ x + w["composition.weight_hh"] @ h + w["composition.bias"]
    i, o, candidate = gates.chunk(3)
    i, o, candidate = i.sigmoid(), o.sigmoid(), candidate.tanh()

    P, Q, v = (w[f"{domain}.attention.{name}.weight"] for name in ["P", "Q", "v"])
    energies = [v[0] @ (P @ candidate + Q @ c_k).tanh() for c_k in typed]
    alpha = torch.stack(energies).softmax(0)
    composed = sum(a * c_k for a, c_k in zip(alpha, typed))
    c = i * composed + (1 - i) * c
    h = o * c.tanh()
    return h, c, alpha, torch.stack(typed)


def read(sentence, w, domain, backward):
    """One direction over one sentence [N, width]: h and c [N, H], alpha [N, cells], typed [N, cells, H]."""
    h = c = sentence.new_zeros(SIZES["H"])
    found = []
    for x in sentence.flip(0) if backward else sentence:
        h, c, alpha, typed = step(x, h, c, w, domain)
        found.append((h, c, alpha, typed))
    if backward:
        found.reverse()
    return {name: torch.stack(values) for name, values in zip(["h", "c", "alpha", "typed"], zip(*found))}


def type_ids(tag_ids, domain):
    """The place of each word's type among the domain's cells: 0 for O."""
    return [0 if i == 0 else 1 + TYPES[domain].index(TAGS[domain][i][2:]) for i in tag_ids]


def run(domain, p, inputs):
    """What one domain computes of its words [W, width], by name, and its losses."""
    sentences = inputs.split([len(tag_ids) for tag_ids in TAG_IDS[domain]])
    found, ways = {}, {}
    for way, suffix in DIRECTIONS.items():
        w = {n: p[with_suffix(n, suffix)] for n in direction_shapes(**SIZES, n_cells=len(CELLS))}
        each = [read(sentence, w, domain, way == "backward") for sentence in sentences]
        ways[way] = {name: torch.cat([of_one[name] for of_one in each]) for name in each[0]}
        found |= named(way, ways[way])
    forward, backward = ways["forward"], ways["backward"]
    states = torch.cat([forward["h"], backward["h"]], 1)
    mean_alpha = (forward["alpha"] + backward["alpha"]) / 2

    cells = torch.cat([forward["typed"], backward["typed"]], 2)  # [W, cells, 2H]
    own = DOMAIN_CELLS[domain]
    scores = torch.stack([cells[:, n] @ p["types.weight"][k] + p["types.bias"][k] for n, k in enumerate(own)], 1)

    emissions, crf = crf_losses(states.split([len(s) for s in sentences]), TAG_IDS[domain], part(p, domain))
    gold = [t for tag_ids in TAG_IDS[domain] for t in type_ids(tag_ids, domain)]
    words = torch.arange(len(gold))
    typing_losses = -scores.log_softmax(1)[words, gold]
    guidance_losses = -mean_alpha[words, gold].log()
    losses = {
        "crf": crf.mean(),
        "typing": typing_losses.sum() / len(sentences),
        "guidance": guidance_losses.sum() / len(sentences),
    }
    found |= {
        "states": states,
        "mean_alpha": mean_alpha,
        "type_scores": scores,
        "emissions": torch.cat(emissions),
        "crf_losses": crf,
        "typing_losses": typing_losses,
        "guidance_losses": guidance_losses,
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
    """Reading a sentence backwards is reading it turned with the other weights; domains keep to their own."""
    x = inputs["source"][:4]
    w = {n: p[with_suffix(n, "_reverse")] for n in direction_shapes(**SIZES, n_cells=len(CELLS))}
    turned = read(x.flip(0), w, "source", False)
    for name, values in turned.items():
        assert_same(values.flip(0), expected[f"source.backward.{name}"][:4])
    for own, other in [DOMAINS, DOMAINS[::-1]]:
        assert not any(name.startswith(f"{own}.gradient.{other}.") for name in expected)
        for cell in set(range(len(CELLS))) - set(DOMAIN_CELLS[own]):
            assert not expected[f"{own}.gradient.cells.weight_ih"][cell].any(), "the cell is the other domain's"


def check_counts():
    """At full size the parameters are as many as the published ones, but for what the heads there have more."""
    for name, width in [("words", 150), ("with_bert", 918)]:
        shapes = parameter_shapes(width, 100, 15, {"source": 17, "target": 57})
        here = counts()["multi-cell-lstm"][name]["here"]
        by_part = {"cells": 0, "composition": 0, "attention": 0, "types": 0, "heads": 0}
        for parameter, shape in shapes.items():
            own = [part for part in by_part if part in parameter] or ["heads"]
            by_part[own[0]] += torch.Size(shape).numel()
        assert by_part == {part: here[part] for part in by_part}, (by_part, here)
        published = counts()["multi-cell-lstm"][name]["published"]
        total = sum(by_part.values()) - by_part["heads"] + published["heads"] + published["char_cnn"]
        assert total == {"words": 1_845_045, "with_bert": 6_913_845}[name]


def main():
    check_counts()
    torch.manual_seed(5)
    n_tags = {domain: len(tags) for domain, tags in TAGS.items()}
    p = draw_telling(parameter_shapes(**SIZES, n_cells=len(CELLS), n_tags=n_tags))
    n_words = {domain: sum(map(len, tag_ids)) for domain, tag_ids in TAG_IDS.items()}
    inputs = draw({domain: [n_words[domain], SIZES["input_width"]] for domain in DOMAINS}, 1)
    expected, difference = in_both_precisions(reference, p, inputs)
    check(p, inputs, expected)
    paths = {
        domain: decode(expected[f"{domain}.emissions"].split([len(t) for t in TAG_IDS[domain]]), part(p, f"{domain}.crf"))
        for domain in DOMAINS
    }
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
