"""Makes counts.json: parameters of LSTM-CRF, Coach and Multi-Cell LSTM at full size.

    python count_parameters.py

They are counted from PyTorch's modules without memory (device meta), and compared with numbers derived from
the published code; tables of words and characters are counted by the row. See README.md.
"""

import json
import os

import torch
from torch import nn

# B and I of each type, and O.
TAGS = {"politics": 19, "science": 35, "music": 27, "literature": 25, "ai": 29, "movie": 33, "restaurant": 25}


def count(*modules):
    return sum(p.numel() for module in modules for p in module.parameters())


def parameter(*shape):
    return nn.ParameterList([nn.Parameter(torch.empty(shape))])


def crf(K):
    return nn.ParameterList([parameter(K, K), parameter(K), parameter(K)])


def with_total(parts):
    return {**parts, "total": sum(parts.values())}


def tagger(K):
    """Words and their characters as vectors of 400, two layers of 256 a direction."""
    return {
        "bilstm": count(nn.LSTM(400, 256, 2, bidirectional=True)),
        "emissions": count(nn.Linear(512, K)),
        "crf": count(crf(K)),
    }


def lstm_crf():
    by_target = {target: with_total(tagger(K)) for target, K in TAGS.items()}
    return {"by_target": by_target, "per_word": count(nn.Embedding(1, 400))}


def coach():
    template_lstm = nn.LSTM(400, 256, 2, bidirectional=True)
    return {
        **with_total({**tagger(3), "entity_lstm": count(nn.LSTM(512, 200, bidirectional=True))}),
        # Only where templates regularise.
        "templates": {"template_lstm": count(template_lstm), "attention": 2 * count(parameter(512))},
        "per_word": count(nn.Embedding(1, 400)),
    }


def multi_cell_lstm(input_width, H=100, n_cells=15, n_tags=(17, 57)):
    """15 cells: O and the 14 types of ai, among which are the 4 of CoNLL-2003; tags are BIOES's."""
    attention = [nn.Linear(H, 2 * H, bias=False), nn.Linear(H, 2 * H, bias=False), parameter(2 * H)]
    parts = {
        # A layer has one bias for what it reads of the word and of the state before.
        "cells": 2 * n_cells * count(nn.Linear(input_width + H, 2 * H)),
        "composition": 2 * count(nn.Linear(input_width + H, 3 * H)),
        "attention": 2 * len(n_tags) * count(*attention),
        "types": n_cells * count(nn.Linear(2 * H, 1)),
        "char_cnn": count(nn.Conv1d(30, 50, 3)),
    }
    # There alphabets count from 1, and START and STOP are tags.
    published = sum(count(nn.Linear(2 * H, L + 3), parameter(L + 3, L + 3)) for L in n_tags)
    here = sum(count(nn.Linear(2 * H, L), crf(L)) for L in n_tags)
    return {
        "published": with_total({**parts, "heads": published}),
        "here": with_total({**parts, "heads": here}),
        "per_word": count(nn.Embedding(1, 100)),
        "per_character": count(nn.Embedding(1, 30)),
    }


def counts():
    with torch.device("meta"):
        # Beside words and characters, 150, the states of a BERT, 768, which are not counted.
        sizes = {"words": 150, "with_bert": 918}
        return {
            "lstm-crf": lstm_crf(),
            "coach": coach(),
            "multi-cell-lstm": {name: multi_cell_lstm(width) for name, width in sizes.items()},
        }


def check(found):
    for target, K in TAGS.items():
        parts = found["lstm-crf"]["by_target"][target]
        assert parts["bilstm"] == 2_924_544
        assert parts["total"] == 2_924_544 + 513 * K + K**2 + 2 * K
    assert found["lstm-crf"]["by_target"]["ai"]["total"] == 2_940_320

    of_coach = found["coach"]
    assert of_coach["bilstm"] + of_coach["emissions"] + of_coach["crf"] == 2_926_098
    assert of_coach["entity_lstm"] == 1_142_400
    assert of_coach["total"] == 4_068_498

    for name, width, total in [("words", 150, 1_845_045), ("with_bert", 918, 6_913_845)]:
        parts, N = found["multi-cell-lstm"][name]["published"], 15
        assert parts["cells"] == 2 * N * (200 * width + 20_200)
        assert parts["composition"] == 2 * (300 * width + 30_300)
        assert parts["attention"] == 2 * 80_400
        assert parts["types"] == 201 * N
        assert parts["char_cnn"] == 4_550
        assert parts["heads"] == 4_420 + 15_660
        assert parts["total"] == total
    for of_system, per_word in [("lstm-crf", 400), ("coach", 400)]:
        assert found[of_system]["per_word"] == per_word
    for parts in found["multi-cell-lstm"].values():
        assert (parts["per_word"], parts["per_character"]) == (100, 30)


def main():
    found = counts()
    check(found)
    text = json.dumps({"made_with": f"PyTorch {torch.__version__}", **found}, indent=2)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "counts.json"), "w") as file:
        file.write(text + "\n")
    print(text)


if __name__ == "__main__":
    main()
