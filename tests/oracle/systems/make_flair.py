"""Makes flair/: Flair (Akbik et al. 2018), its language models and its tagger, at tiny size.

    python make_flair.py

See README_language_models.md.
"""

import torch
from torch import nn
from torch.optim.lr_scheduler import ReduceLROnPlateau

from character_language_model import (
    C,
    CHARACTER_WIDTH,
    CHARACTERS,
    DIRECTIONS,
    FIRST_CHARACTER,
    LM_TRAINING,
    LM_WIDTH,
    TRAINING_TEXT,
    UNK,
    chunks,
    language_model_shapes,
    readings,
    streams,
    string_embeddings,
    text_read,
    training,
)
from reference_parts import (
    best_paths,
    bilstm,
    crf_loss,
    crf_shapes,
    draw,
    gradients,
    in_both_precisions,
    linear_shapes,
    lstm_shapes,
    named,
    part,
    write,
)

TOKENS = [
    ["Zoë", "sah", "a", "京都", "😀", "."],
    ["x"],
    ["A", "B"],
    ["cafe\u0301", "№5", "ab"],  # é in two code points; № is in no training text
]
LENGTHS = [len(tokens) for tokens in TOKENS]
TAGS = ["O", *(p + t for t in ["task", "person"] for p in ["B-", "I-", "E-", "S-"])]
TAG_IDS = [[8, 0, 1, 2, 3, 0], [4], [5, 7], [0, 5, 7]]
WORD_WIDTH, H = 3, 3
INPUT_WIDTH = WORD_WIDTH + 2 * LM_WIDTH


def parameter_shapes():
    return {
        **named("forward", language_model_shapes()),
        **named("backward", language_model_shapes()),
        **named("reproject", linear_shapes(INPUT_WIDTH, INPUT_WIDTH)),
        **named("bilstm", lstm_shapes(INPUT_WIDTH, H)),
        **named("emissions", linear_shapes(2 * H, len(TAGS))),
        **named("crf", crf_shapes(len(TAGS))),
    }


def tagger(p, x, masks=None):
    """Loss (mean over sentences), its part of each sentence, emissions and what they are made of.

    Masks: of words, before the first layer; of values, the same for all words of a sentence, there and after
    the LSTM.
    """
    steps, per_sentence = {name: [] for name in ["dropped", "reprojected", "states", "emissions"]}, []
    for b, (x_b, tags) in enumerate(zip(x.split(LENGTHS), TAG_IDS)):
        if masks:
            x_b = x_b * masks["words"].split(LENGTHS)[b][:, None] * masks["inputs"][b]
        reprojected = x_b @ p["reproject.weight"].T + p["reproject.bias"]
        states = bilstm(reprojected, part(p, "bilstm"))
        if masks:
            states = states * masks["states"][b]
        emissions = states @ p["emissions.weight"].T + p["emissions.bias"]
        for name, value in zip(steps, [x_b, reprojected, states, emissions]):
            steps[name].append(value)
        per_sentence.append(crf_loss(emissions, tags, part(p, "crf")))
    found = {name: torch.cat(values) for name, values in steps.items()}
    return {**found, "loss_per_sentence": torch.stack(per_sentence), "loss": sum(per_sentence) / len(TOKENS)}


def reference(p, given):
    expected = {}
    for direction in DIRECTIONS:
        expected |= training(direction, part(p, direction), part(given, f"{direction}.masks"))
    embeddings = torch.cat([string_embeddings(p, tokens) for tokens in TOKENS]).detach()
    inputs = torch.cat([given["word_vectors"], embeddings], 1).detach().requires_grad_()
    expected |= {"string_embeddings": embeddings}
    own = {name: x for name, x in p.items() if name.split(".")[0] not in DIRECTIONS}
    for prefix, masks in [("tagger", None), ("tagger.dropout", part(given, "masks"))]:
        found = tagger(own, inputs, masks)
        if not masks:
            del found["dropped"]
        d = gradients(found["loss"], {**own, "inputs": inputs})
        expected |= named(prefix, found) | named(prefix + ".gradient", d)
    return expected


def annealing():
    """The learning rate after each epoch, and the epoch that is the last as the rate is then too small."""
    rise, nearly = [0, 0.31, 0.42], [0.5, 0.50004, 0.5, 0.49, 0.5]
    scores = [*rise, *nearly, 0.5001, *[0.5001, 0.5, 0.4], 0.51, *[0.51, 0.51, 0.51, 0.51], 0.52, *[0.3] * 40]
    losses = [3.0, 2.5, *[2.6] * 10, 2.4, *[2.4] * 11, 2.39999, *[2.5] * 20]
    tagger = {"mode": "max", "factor": 0.5, "patience": 3, "threshold": 0, "start": 0.1, "values": scores}
    tagger["least"] = 1e-4
    lm = {"mode": "min", "factor": 0.25, "patience": 10, "threshold": 1e-4, "start": 20.0, "values": losses}
    runs = {
        "tagger": tagger,
        "tagger_with_default_threshold": {**tagger, "threshold": 1e-4},
        "language_model": lm,
    }
    for run in runs.values():
        optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=run["start"])
        settings = {name: run[name] for name in ["mode", "factor", "patience", "threshold"]}
        scheduler = ReduceLROnPlateau(optimizer, **settings)
        run["learning_rates"] = []
        for value in run["values"]:
            optimizer.step()
            scheduler.step(value)
            run["learning_rates"].append(optimizer.param_groups[0]["lr"])
    for run in [runs["tagger"], runs["tagger_with_default_threshold"]]:
        run["last_epoch"] = 1 + next(i for i, rate in enumerate(run["learning_rates"]) if rate < run["least"])
    assert runs["tagger"]["learning_rates"] != runs["tagger_with_default_threshold"]["learning_rates"]
    return runs


def main():
    torch.manual_seed(23)
    p = draw(parameter_shapes(), 0.5)
    p |= draw(named("crf", crf_shapes(len(TAGS))), 2)
    # The backward model knows how frequent characters are: its first gradient is too small to be clipped.
    frequencies = torch.bincount(streams(text_read("backward")).flatten(), minlength=C)
    p["backward.decoder.bias"] = (frequencies + 0.1).log().float().double()
    W, B = sum(LENGTHS), len(TOKENS)
    given = draw({"word_vectors": [W, WORD_WIDTH]}, 1)
    chunk_shape = chunks(TRAINING_TEXT)[0][0].shape
    keep = lambda rate, *shape: (torch.rand(shape) >= rate).double()
    # Word dropout is not scaled. The shares here are greater than flair's, so that both values occur.
    given |= {
        "masks.words": keep(0.3, W),
        "masks.inputs": keep(0.5, B, INPUT_WIDTH) / 0.5,
        "masks.states": keep(0.5, B, 2 * H) / 0.5,
    }
    for direction in DIRECTIONS:
        for name, width in [("characters", CHARACTER_WIDTH), ("states", LM_WIDTH)]:
            given[f"{direction}.masks.{name}"] = keep(0.25, *chunk_shape, width) / 0.75
    given = {name: x.float().double() for name, x in given.items()}
    assert all((x == 0).any() and (x > 0).any() for name, x in given.items() if "masks" in name)
    expected, difference = in_both_precisions(reference, p, given)

    norms = [float(x) for name, x in expected.items() if name.endswith("gradient_norm")]
    assert min(norms) < LM_TRAINING["clip_norm"] < max(norms), "some steps are clipped, some are not"
    config = {
        "sizes": {
            **{"character_width": CHARACTER_WIDTH, "lm_width": LM_WIDTH},
            **{"word_width": WORD_WIDTH, "input_width": INPUT_WIDTH, "H": H},
        },
        "characters": CHARACTERS,
        "first_character_id": FIRST_CHARACTER,
        "unk": UNK,
        "training_text": TRAINING_TEXT,
        "lm_training": LM_TRAINING,
        "chunks": {
            direction: [
                {"ids": ids.tolist(), "targets": targets.tolist()}
                for ids, targets in chunks(text_read(direction))
            ]
            for direction in DIRECTIONS
        },
        "tokens": TOKENS,
        "readings": [readings(tokens) for tokens in TOKENS],
        "tags": TAGS,
        "tag_ids": TAG_IDS,
        "float32_difference": float(f"{difference:.1e}"),
    }
    paths = best_paths(expected["tagger.emissions"].split(LENGTHS), part(p, "crf"))
    json_files = {"decode": {"tagger": paths}, "annealing": annealing()}
    write("flair", config, json_files, parameters=p, inputs=given, expected=expected)


if __name__ == "__main__":
    main()
