"""Makes bricks.json: recurrent and convolutional layers by PyTorch 2.13, at tiny sizes, in float64.

    python make_bricks.py
"""

import json
import os

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def array(tensor):
    return {"shape": list(tensor.shape), "data": [round(x, 9) for x in tensor.detach().flatten().tolist()]}


def arrays(pairs):
    return {name: array(tensor) for name, tensor in pairs}


def gradients(module):
    return arrays((name, p.grad) for name, p in module.named_parameters())


def bilstm(lengths, n_layers, bidirectional=True):
    """An LSTM over packed sentences; the loss weighs every state and every last state by numbers of its own."""
    lstm = nn.LSTM(3, 4, n_layers, batch_first=True, bidirectional=bidirectional)
    x = torch.randn(sum(lengths), 3, requires_grad=True)
    padded = pad_sequence(list(torch.split(x, lengths)), batch_first=True)
    packed, (h, _) = lstm(pack_padded_sequence(padded, lengths, batch_first=True, enforce_sorted=False))
    states, _ = pad_packed_sequence(packed, batch_first=True)
    states = torch.cat([states[i, :n] for i, n in enumerate(lengths)])
    directions = 2 if bidirectional else 1
    last = torch.cat([h[-directions + i] for i in range(directions)], 1)
    d_states, d_last = torch.randn_like(states), torch.randn_like(last)
    loss = (states * d_states).sum() + (last * d_last).sum()
    loss.backward()
    return {
        "lengths": lengths,
        "nLayers": n_layers,
        "parameters": arrays(lstm.named_parameters()),
        "x": array(x),
        "states": array(states),
        "last": array(last),
        "dStates": array(d_states),
        "dLast": array(d_last),
        "dX": array(x.grad),
        "gradients": gradients(lstm),
    }


def char_cnn(words):
    """Characters (id 0 is padding), a convolution of width 3 and the maximum over each word's own characters."""
    embedding, convolution = nn.Embedding(9, 4), nn.Conv1d(4, 5, 3)
    features = []
    for ids in words:
        zero = torch.zeros(1, 4)
        padded = torch.cat([zero, embedding(torch.tensor(ids)), zero])
        features.append(convolution(padded.T[None])[0].max(1).values)
    features = torch.stack(features)
    d = torch.randn_like(features)
    (features * d).sum().backward()
    return {
        "words": words,
        "parameters": {
            "characters.weight": array(embedding.weight),
            **arrays(("char_cnn." + name, p) for name, p in convolution.named_parameters()),
        },
        "features": array(features),
        "dFeatures": array(d),
        "gradients": {
            "characters.weight": array(embedding.weight.grad),
            **arrays(("char_cnn." + name, p.grad) for name, p in convolution.named_parameters()),
        },
    }


def sgd():
    """Steps with weight decay; the gradient of step t is given."""
    runs = []
    for weight_decay in [0, 0.1]:
        p = nn.Parameter(torch.randn(6))
        start = array(p)
        optimizer = torch.optim.SGD([p], lr=0.3, weight_decay=weight_decay)
        steps = []
        for t in range(4):
            for group in optimizer.param_groups:
                group["lr"] = 0.3 / (1 + t)
            p.grad = torch.randn(6)
            gradient = array(p.grad)
            optimizer.step()
            steps.append({"learningRate": 0.3 / (1 + t), "gradient": gradient, "after": array(p)})
        runs.append({"weightDecay": weight_decay, "start": start, "steps": steps})
    return runs


result = {
    "madeWith": f"PyTorch {torch.__version__}",
    "bilstm": [bilstm([3, 1, 5, 2], 1), bilstm([2, 4, 4, 1], 2), bilstm([3], 2), bilstm([2, 1, 3], 1, False)],
    "charCnn": char_cnn([[2, 3, 4, 5], [6], [3, 3, 3, 3, 3], [7, 2]]),
    "sgd": sgd(),
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "bricks.json"), "w") as file:
    json.dump(result, file)
