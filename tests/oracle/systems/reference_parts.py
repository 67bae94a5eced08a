"""What the references of language models share: LSTMs and CRFs written out in full, a writer of files."""

import json
import os

import torch
from safetensors.torch import save_file
from torch import nn
from torch.func import functional_call

LSTM_NAMES = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
BILSTM_NAMES = LSTM_NAMES + [name + "_reverse" for name in LSTM_NAMES]


def lstm_shapes(width, H, names=BILSTM_NAMES):
    """Shapes of an LSTM's parameters, as PyTorch has them: rows are the gates i, f, g, o."""
    by_kind = {"weight_ih": [4 * H, width], "weight_hh": [4 * H, H], "bias_ih": [4 * H], "bias_hh": [4 * H]}
    return {name: by_kind[name.split("_l0")[0]] for name in names}


def linear_shapes(n_in, n_out):
    return {"weight": [n_out, n_in], "bias": [n_out]}


def crf_shapes(K):
    return {"transitions": [K, K], "start": [K], "end": [K]}


def named(prefix, values):
    return {f"{prefix}.{name}": value for name, value in values.items()}


def part(values, prefix):
    """The values whose names begin with the prefix, without it."""
    return {name[len(prefix) + 1 :]: value for name, value in values.items() if name.startswith(prefix + ".")}


def draw(shapes, scale):
    """Random values that float32 holds exactly, as float64."""
    return {name: (torch.randn(shape) * scale).float().double() for name, shape in shapes.items()}


def lstm(x, p, suffix="", state=None):
    """One direction over one sequence, step by step.

    x [N, width]; p by LSTM_NAMES + suffix. Returns the states h [N, H] and the last (h, c).
    """
    H = p["weight_hh_l0" + suffix].shape[1]
    h, c = state if state else (x.new_zeros(H), x.new_zeros(H))
    states = []
    for x_t in x:
        by_input = p["weight_ih_l0" + suffix] @ x_t + p["bias_ih_l0" + suffix]
        by_state = p["weight_hh_l0" + suffix] @ h + p["bias_hh_l0" + suffix]
        i, f, g, o = (by_input + by_state).split(H)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        states.append(h)
    return torch.stack(states), (h, c)


def bilstm(x, p):
    """Both directions over one sentence, [N, 2H]: forward states beside backward ones."""
    states = torch.cat([lstm(x, p)[0], lstm(x.flip(0), p, "_reverse")[0].flip(0)], 1)
    width, H = x.shape[1], states.shape[1] // 2
    torch_lstm = nn.LSTM(width, H, bidirectional=True, dtype=x.dtype)
    assert_same(states, functional_call(torch_lstm, p, (x,))[0])
    return states


def path_scores(emissions, crf):
    """The scores of all K^n paths of tags, [K, …, K]: an axis a word."""
    scores = crf["start"] + emissions[0]
    for e in emissions[1:]:
        scores = scores.unsqueeze(-1) + crf["transitions"] + e  # [..., from, to]
    return scores + crf["end"]


def crf_loss(emissions, tags, crf):
    """The negative log likelihood of a sentence's tags, by all paths."""
    scores = path_scores(emissions, crf)
    return scores.flatten().logsumexp(0) - scores[tuple(tags)]


def argmax_path(scores):
    return [int(axis) for axis in torch.unravel_index(scores.argmax(), scores.shape)]


def best_path(emissions, crf):
    """Tags and score of the best path: by all paths, and by Viterbi's recursion, which must agree."""
    scores = path_scores(emissions, crf)
    tags, (first, second) = argmax_path(scores), scores.flatten().topk(2).values
    assert first - second > 1e-3, "float32 might choose another path"

    best, pointers = crf["start"] + emissions[0], []
    for e in emissions[1:]:
        best, pointer = (best[:, None] + crf["transitions"]).max(0)
        best, pointers = best + e, pointers + [pointer]
    tag = int((best + crf["end"]).argmax())
    viterbi = [tag]
    for pointer in reversed(pointers):
        viterbi.insert(0, int(pointer[viterbi[0]]))
    assert viterbi == tags, (viterbi, tags)
    return {"tag_ids": tags, "score": round(float(first), 6), "runner_up": round(float(second), 6)}


def best_paths(emissions, crf):
    """The best path of each sentence; each part of the CRF must matter to one of them."""
    paths = [best_path(e, crf) for e in emissions]
    wrong = {"transitions": crf["transitions"].T, "start": crf["end"], "end": crf["start"]}
    for name, values in wrong.items():
        others = [argmax_path(path_scores(e, {**crf, name: values})) for e in emissions]
        assert others != [path["tag_ids"] for path in paths], name
    return paths


def gradients(loss, values):
    """By the values that the loss depends on."""
    found = torch.autograd.grad(loss, list(values.values()), allow_unused=True, retain_graph=True)
    return {name: d for name, d in zip(values, found) if d is not None}


def assert_same(a, b):
    """Two ways to the same number, which differ by rounding alone; float32's is not what is checked."""
    if a.dtype == torch.float64:
        torch.testing.assert_close(a, b, rtol=1e-10, atol=1e-12)


def in_both_precisions(reference, *groups):
    """What `reference` computes of groups of arrays in float64, and how far float32 is from that."""

    def run(dtype):
        made = [{n: x.detach().to(dtype, copy=True).requires_grad_() for n, x in g.items()} for g in groups]
        return {name: x.detach() for name, x in reference(*made).items()}

    wide, narrow = run(torch.float64), run(torch.float32)
    difference = max(float(((narrow[n] - x).abs() / x.abs().clamp(min=1)).max()) for n, x in wide.items())
    return wide, difference


def write(folder, config, json_files, **array_files):
    """Writes config.json, the other JSON files and the arrays, as float32."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), folder)
    os.makedirs(folder, exist_ok=True)
    config = {"made_with": f"PyTorch {torch.__version__}", **config}
    for name, content in {"config": config, **json_files}.items():
        with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as file:
            # A line a field.
            fields = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in content.items()]
            file.write("{\n" + ",\n".join(fields) + "\n}\n")
    for name, arrays in array_files.items():
        arrays = {key: x.detach().float().contiguous() for key, x in arrays.items()}
        save_file(arrays, os.path.join(folder, name + ".safetensors"))
