"""The cell of Multi-Cell LSTM (Jia & Zhang 2020), step by step and cell by cell."""

import torch

from reference_parts import crf_shapes, linear_shapes, named

DIRECTIONS = {"forward": "", "backward": "_reverse"}


def direction_shapes(input_width, H, n_cells):
    """Of one direction: rows are the gates i, g of each cell, and i, o, c̃ of the composition."""
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


def in_direction(name, suffix):
    """What a parameter is called with a direction's suffix: `cells.bias_reverse`, `….P_reverse.weight`."""
    return name.removesuffix(".weight") + suffix + (".weight" if name.endswith(".weight") else "")


def multi_cell_shapes(input_width, H, n_cells, n_tags):
    """All parameters; n_tags by domain."""
    shapes = {"types.weight": [n_cells, 2 * H], "types.bias": [n_cells]}
    for suffix in DIRECTIONS.values():
        of_direction = direction_shapes(input_width, H, n_cells)
        shapes |= {in_direction(name, suffix): shape for name, shape in of_direction.items()}
    for domain, K in n_tags.items():
        shapes |= named(f"{domain}.emissions", linear_shapes(2 * H, K))
        shapes |= named(f"{domain}.crf", crf_shapes(K))
    return shapes


def step(x, h, c, w, cells, domain):
    """One word x after the state h, c, by the weights w of a direction: the new state, α and the c_k.

    i_k, g_k = σ, tanh(W_k x + U_k h + b_k); c_k = i_k g_k + (1 - i_k) c, for the cells k of the domain
    i, o, c̃ = σ, σ, tanh(W x + U h + b); α = softmax_k(v · tanh(P c̃ + Q c_k))
    c' = i Σ_k α_k c_k + (1 - i) c; h' = o tanh c'
    """
    typed = []
    for k in cells:
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


def read(sentence, p, way, cells, domain):
    """One direction over one sentence [N, width]: h and c [N, H], alpha [N, cells], typed [N, cells, H]."""
    n_cells, H = p["types.weight"].shape[0], p["types.weight"].shape[1] // 2
    names = direction_shapes(sentence.shape[1], H, n_cells)
    w = {name: p[in_direction(name, DIRECTIONS[way])] for name in names}
    h = c = sentence.new_zeros(H)
    found = []
    for x in sentence.flip(0) if way == "backward" else sentence:
        h, c, alpha, typed = step(x, h, c, w, cells, domain)
        found.append((h, c, alpha, typed))
    if way == "backward":
        found.reverse()
    return {name: torch.stack(values) for name, values in zip(["h", "c", "alpha", "typed"], zip(*found))}
