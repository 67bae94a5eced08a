"""Template regularisation of Coach (Liu et al. 2020).

An utterance is to be near its template, which has types for entities, and far from such with wrong types.
Each is read by a BiLSTM, utterances by the tagger's, and becomes one vector by attention.
"""

import torch
from torch import nn

from reference_parts import assert_same, gradients, named, part
from word_states import bilstm_shapes, packed_bilstm

# As it is, and twice with another type for each entity.
TEMPLATES = ["correct", "wrong_1", "wrong_2"]


def template_shapes(word_width, H, n_layers):
    lstm = named("template_lstm", bilstm_shapes(word_width, H, n_layers))
    return {**lstm, "template_attention": [2 * H], "utterance_attention": [2 * H]}


def attend(states, query):
    """The mean of states [N, 2H], weighted by a softmax over the sentence's own words."""
    return (states @ query).softmax(0) @ states


def template(word_vectors, entities, type_vectors):
    """A sentence [N, width] with a type's vector in place of each entity [start, end)."""
    rows, after = [], 0
    for (start, end, _), type_vector in zip(entities, type_vectors):
        rows += [*word_vectors[after:start], type_vector]
        after = end
    return torch.stack([*rows, *word_vectors[after:]])


def vectors(p, n_layers, states, templates):
    """Vectors [sentences, 2H] of utterances, by their states, and of each kind of template, by its inputs."""
    found = {"utterances": torch.stack([attend(h, p["utterance_attention"]) for h in states])}
    for name in TEMPLATES:
        read = packed_bilstm(templates[name], part(p, "template_lstm"), n_layers)
        found[name] = torch.stack([attend(h, p["template_attention"]) for h in read])
    return found


def distances(found):
    """Mean squared distances, over sentences and width, of utterances and templates."""
    return {name: nn.functional.mse_loss(found[name], found["utterances"]) for name in TEMPLATES}


def regularisation(by_template):
    return by_template["correct"] - by_template["wrong_1"] - by_template["wrong_2"]


def check_sides(found, p, d):
    """Each parameter's gradient d comes from one side, utterances or templates, the other being fixed."""
    both = {}
    for is_template in [True, False]:
        free = {n: x if is_template == (n != "utterances") else x.detach() for n, x in found.items()}
        of_side = gradients(regularisation(distances(free)), p)
        assert all(name.startswith("template_") == is_template for name in of_side)
        both |= of_side
    assert both.keys() == d.keys()
    for name in d:
        assert_same(both[name], d[name])
