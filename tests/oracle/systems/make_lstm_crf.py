"""Makes lstm-crf/: LSTM-CRF (Lample et al. 2016, as CrossNER has it) at tiny size; see README.md.

    python make_lstm_crf.py
"""

import torch
from torch import nn

from reference_parts import gradients, in_both_precisions, named, part, write
from word_states import (
    FIRST_ID,
    bilstm_shapes,
    crf_losses,
    decode,
    draw_telling,
    end_states,
    ids_of,
    packed_bilstm,
    tagger_shapes,
)

SIZES = {"word_width": 5, "character_width": 4, "n_filters": 3, "character_H": 2, "H": 4, "n_layers": 2}
# What words have beside their vectors.
VARIANTS = {"plain": 0, "cnn": SIZES["n_filters"], "lstm": 2 * SIZES["character_H"]}
SENTENCES = [
    ["Ada", "lives", "in", "Bonn", "."],
    ["Zed"],  # A word that is not known, with a character that is not.
    ["Ada", "Xi", "and", "Bonn", "in", "a", "😀"],
    ["a", "."],
    ["in", "in", "Bonn"],
]
UNKNOWN_WORDS, UNKNOWN_CHARACTERS = ["Zed", "Xi"], ["Z"]
LENGTHS = [len(sentence) for sentence in SENTENCES]
TAGS = ["O", "B-person", "I-person", "B-place", "I-place"]
TAG_IDS = [[1, 0, 0, 3, 0], [1], [1, 2, 0, 3, 4, 4, 0], [0, 0], [0, 0, 3]]

ALL_WORDS = [word for sentence in SENTENCES for word in sentence]
WORDS = sorted(set(ALL_WORDS) - set(UNKNOWN_WORDS))
CHARACTERS = sorted(set("".join(ALL_WORDS)) - set(UNKNOWN_CHARACTERS))
WORD_IDS = [ids_of(sentence, WORDS) for sentence in SENTENCES]
CHARACTER_IDS = [[ids_of(word, CHARACTERS) for word in sentence] for sentence in SENTENCES]
N_WORDS, N_CHARACTERS = FIRST_ID + len(WORDS), FIRST_ID + len(CHARACTERS)


def parameter_shapes(variant):
    s, width = SIZES, SIZES["character_width"]
    shapes = {"words.weight": [N_WORDS, s["word_width"]]}
    if variant != "plain":
        shapes |= {"characters.weight": [N_CHARACTERS, width]}
    if variant == "cnn":
        shapes |= {"char_cnn.weight": [s["n_filters"], width, 3], "char_cnn.bias": [s["n_filters"]]}
    if variant == "lstm":
        shapes |= named("char_lstm", bilstm_shapes(width, s["character_H"], 1))
    return shapes | tagger_shapes(s["word_width"] + VARIANTS[variant], s["H"], s["n_layers"], len(TAGS))


def char_cnn(p, ids):
    """The greatest value of each filter over a word's characters, with a zero vector on either side."""
    x = p["characters.weight"][ids].T  # [character_width, characters]
    return nn.functional.conv1d(x, p["char_cnn.weight"], p["char_cnn.bias"], padding=1).max(1).values


def char_lstm(p, ids):
    """The forward state after a word's last character beside the backward one after its first."""
    [states] = packed_bilstm([p["characters.weight"][ids]], part(p, "char_lstm"), 1)
    return end_states(states)


FEATURES = {"cnn": char_cnn, "lstm": char_lstm}


def reference(variant, p):
    """All that one variant computes of its parameters."""
    word_vectors = p["words.weight"][[i for sentence in WORD_IDS for i in sentence]]
    found = {}
    if variant in FEATURES:
        words = [ids for sentence in CHARACTER_IDS for ids in sentence]
        found["character_features"] = torch.stack([FEATURES[variant](p, ids) for ids in words])
    inputs = torch.cat([word_vectors, *found.values()], 1)
    states = packed_bilstm(inputs.split(LENGTHS), part(p, "bilstm"), SIZES["n_layers"])
    emissions, per_sentence = crf_losses(states, TAG_IDS, p)
    loss = per_sentence.mean()
    found |= {
        "inputs": inputs,
        "states": torch.cat(states),
        "emissions": torch.cat(emissions),
        "loss_per_sentence": per_sentence,
        "loss": loss,
    }
    return named(variant, found) | named(f"gradient.{variant}", gradients(loss, p))


def main():
    torch.manual_seed(12)
    p, expected, paths, differences = {}, {}, {}, []
    for variant in VARIANTS:
        own = draw_telling(parameter_shapes(variant))
        found, difference = in_both_precisions(lambda values: reference(variant, values), own)
        assert all(f"gradient.{variant}.{name}" in found for name in own), "every parameter learns"
        emissions = found[f"{variant}.emissions"].split(LENGTHS)
        paths[variant] = decode(emissions, part(own, "crf"))
        p, expected, differences = p | named(variant, own), expected | found, [*differences, difference]
    config = {
        "sizes": SIZES,
        "variants": list(VARIANTS),
        "words": WORDS,
        "characters": CHARACTERS,
        "first_id": FIRST_ID,
        "tags": TAGS,
        "sentences": SENTENCES,
        "word_ids": WORD_IDS,
        "character_ids": CHARACTER_IDS,
        "tag_ids": TAG_IDS,
        "float32_difference": float(f"{max(differences):.1e}"),
    }
    write("lstm-crf", config, {"decode": paths}, parameters=p, expected=expected)


if __name__ == "__main__":
    main()
