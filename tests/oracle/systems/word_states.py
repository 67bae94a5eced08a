"""What word systems share: ids, a BiLSTM over packed sentences, a tagger on it, decoding."""

import torch
from torch import nn
from torch.func import functional_call
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

from reference_parts import (
    argmax_path,
    assert_same,
    best_paths,
    crf_loss,
    crf_shapes,
    draw,
    linear_shapes,
    named,
    part,
    path_scores,
)

UNK, FIRST_ID = 1, 2  # 0 is padding.


def ids_of(symbols, vocabulary):
    """Ids of words, or of the characters (code points) of a word."""
    return [vocabulary.index(s) + FIRST_ID if s in vocabulary else UNK for s in symbols]


def bilstm_shapes(width, H, n_layers):
    with torch.device("meta"):
        lstm = nn.LSTM(width, H, n_layers, bidirectional=True)
    return {name: list(p.shape) for name, p in lstm.named_parameters()}


def packed_bilstm(sequences, p, n_layers):
    """States of the last layer, forward beside backward ones: [N, 2H] of each sequence [N, width]."""
    width, H = sequences[0].shape[1], p["weight_hh_l0"].shape[1]
    lstm = nn.LSTM(width, H, n_layers, bidirectional=True, batch_first=True, dtype=sequences[0].dtype)
    lengths = [len(x) for x in sequences]
    padded = pad_sequence(sequences, batch_first=True)
    packed = pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False)
    states, _ = pad_packed_sequence(functional_call(lstm, p, (packed,))[0], batch_first=True)
    states = [states[i, :n] for i, n in enumerate(lengths)]
    for x, of_x in zip(sequences, states):
        alone, (h, _) = functional_call(lstm, p, (x,))
        assert_same(of_x, alone)
        assert_same(torch.cat([of_x[-1, :H], of_x[0, H:]]), torch.cat([h[-2], h[-1]]))
    return states


def end_states(states):
    """Of states [N, 2H] the last of each direction, [2H]: the backward half's is at the start."""
    H = states.shape[1] // 2
    return torch.cat([states[-1, :H], states[0, H:]])


def tagger_shapes(input_width, H, n_layers, K):
    """What reads word inputs and scores their tags: `bilstm`, `emissions`, `crf`."""
    return {
        **named("bilstm", bilstm_shapes(input_width, H, n_layers)),
        **named("emissions", linear_shapes(2 * H, K)),
        **named("crf", crf_shapes(K)),
    }


def draw_telling(shapes):
    """Random parameters whose states differ from word to word, so that emissions matter to the best paths."""
    weights = {name: shape for name, shape in shapes.items() if name.endswith("emissions.weight")}
    return draw(shapes, 1) | draw(weights, 4)


def crf_losses(states, tag_ids, p):
    """Emissions of each sentence's states, and the negative log likelihood of each sentence's tags."""
    emissions = [h @ p["emissions.weight"].T + p["emissions.bias"] for h in states]
    losses = [crf_loss(e, tags, part(p, "crf")) for e, tags in zip(emissions, tag_ids)]
    return emissions, torch.stack(losses)


def decode(emissions, crf):
    """The best path of each sentence; emissions of words in another order must give others."""
    paths = best_paths(emissions, crf)
    turned = [argmax_path(path_scores(e.flip(0), crf)) for e in emissions]
    assert turned != [path["tag_ids"] for path in paths], "emissions"
    return paths
