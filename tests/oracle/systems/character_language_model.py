"""Flair's character language models: how they are trained, and the embeddings that are made of them."""

import torch
from torch import nn
from torch.func import functional_call

from reference_parts import LSTM_NAMES, assert_same, gradients, linear_shapes, lstm, lstm_shapes, named, part

DIRECTIONS = ["forward", "backward"]
UNK, FIRST_CHARACTER = 1, 2
TRAINING_TEXT = "\n".join(["Zoë sah a 京都 😀 .", "x y", "A B cafe\u0301 5 abx", ""])
CHARACTERS = sorted(set(TRAINING_TEXT))
C = FIRST_CHARACTER + len(CHARACTERS)
CHARACTER_WIDTH, LM_WIDTH = 4, 5
LM_TRAINING = {"n_streams": 3, "chunk_length": 8, "learning_rate": 20.0, "clip_norm": 0.25}


def language_model_shapes():
    return {
        "embedding.weight": [C, CHARACTER_WIDTH],
        **named("lstm", lstm_shapes(CHARACTER_WIDTH, LM_WIDTH, LSTM_NAMES)),
        **named("decoder", linear_shapes(LM_WIDTH, C)),
    }


def ids_of(text):
    """Ids of code points; 0 is padding, which no text has."""
    return [CHARACTERS.index(c) + FIRST_CHARACTER if c in CHARACTERS else UNK for c in text]


def text_read(direction):
    return TRAINING_TEXT if direction == "forward" else TRAINING_TEXT[::-1]


def streams(text):
    """The text's ids cut into equal stretches, read side by side, [n, length]; the rest is dropped."""
    ids, n = torch.tensor(ids_of(text)), LM_TRAINING["n_streams"]
    assert len(ids) % n > 0, "something is left over"
    return ids[: len(ids) // n * n].view(n, -1)


def chunks(text):
    """(characters, next characters) of each chunk, [n, T]; the last chunk may be shorter."""
    ids, last = streams(text), streams(text).shape[1] - 1
    starts = range(0, last, LM_TRAINING["chunk_length"])
    ends = [min(start + LM_TRAINING["chunk_length"], last) for start in starts]
    return [(ids[:, start:end], ids[:, start + 1 : end + 1]) for start, end in zip(starts, ends)]


def language_model(p, ids, state, masks=None):
    """States [n, T, D] of n streams of characters, logits [n, T, C] of the next ones, the last (h, c) [n, D].

    Masks drop values of the embedded characters and of the states that the decoder reads.
    """
    x = p["embedding.weight"][ids]
    if masks:
        x = x * masks["characters"]
    weights = part(p, "lstm")
    found = [lstm(stream, weights, "", (h, c)) for stream, h, c in zip(x, *state)]
    states = torch.stack([h for h, _ in found])
    last = tuple(torch.stack([end[k] for _, end in found]) for k in range(2))
    torch_lstm = nn.LSTM(x.shape[2], states.shape[2], batch_first=True, dtype=x.dtype)
    torch_states, torch_last = functional_call(torch_lstm, weights, (x, tuple(s[None] for s in state)))
    for ours, theirs in zip((states, *last), (torch_states, torch_last[0][0], torch_last[1][0])):
        assert_same(ours, theirs)
    if masks:
        states = states * masks["states"]
    return states, states @ p["decoder.weight"].T + p["decoder.bias"], last


def next_character_loss(logits, targets):
    """Mean over all characters of the chunk."""
    log_p = logits - logits.logsumexp(2, keepdim=True)
    loss = -log_p.gather(2, targets[:, :, None]).mean()
    assert_same(loss, nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten()))
    return loss


def clipped_step(p, d):
    """p - rate · d, d being scaled down to the norm that is allowed; also d's norm."""
    norm = torch.stack([x.square().sum() for x in d.values()]).sum().sqrt()
    scale = (LM_TRAINING["clip_norm"] / (norm + 1e-6)).clamp(max=1)
    after = {name: p[name] - LM_TRAINING["learning_rate"] * scale * d[name] for name in p}

    copies = {name: nn.Parameter(x.detach().clone()) for name, x in p.items()}
    for name, copy in copies.items():
        copy.grad = d[name].detach().clone()
    torch_norm = nn.utils.clip_grad_norm_(copies.values(), LM_TRAINING["clip_norm"])
    torch.optim.SGD(copies.values(), lr=LM_TRAINING["learning_rate"]).step()
    assert_same(norm, torch_norm)
    for name, copy in copies.items():
        assert_same(after[name], copy.detach())
    return after, norm


def training(direction, p, masks):
    """All chunks, with a step after each; the state goes on from chunk to chunk, gradients do not."""
    state = tuple(p["embedding.weight"].new_zeros(LM_TRAINING["n_streams"], LM_WIDTH) for _ in "hc")
    expected = {}
    for number, (ids, targets) in enumerate(chunks(text_read(direction)), 1):
        prefix = f"{direction}.chunk_{number}"
        if number == 1:
            loss = next_character_loss(language_model(p, ids, state, masks)[1], targets)
            expected |= {f"{prefix}.dropout.loss": loss}
            expected |= named(f"{prefix}.dropout.gradient", named(direction, gradients(loss, p)))
        states, logits, (h, c) = language_model(p, ids, state)
        loss = next_character_loss(logits, targets)
        d = gradients(loss, p)
        p, norm = clipped_step(p, d)
        expected |= {
            f"{prefix}.states": states,
            f"{prefix}.logits": logits,
            f"{prefix}.loss": loss,
            f"{prefix}.gradient_norm": norm,
            f"{prefix}.state.h": h,
            f"{prefix}.state.c": c,
        }
        expected |= named(f"{prefix}.gradient", named(direction, d))
        expected |= named(f"{prefix}.after", named(direction, p))
        state, p = (h.detach(), c.detach()), {name: x.detach().requires_grad_() for name, x in p.items()}
    return expected


def readings(tokens):
    """What each language model reads of a sentence, and the indices of the states that are its tokens'."""
    text = " ".join(tokens)
    read = {"forward": "\n" + text + " ", "backward": "\n" + text[::-1] + " "}
    before = [sum(len(token) + 1 for token in tokens[:i]) for i in range(len(tokens))]
    offsets = {
        "forward": [1 + start + len(token) for start, token in zip(before, tokens)],
        "backward": [1 + len(text) - start for start in before],
    }
    for i, token in enumerate(tokens):
        forward, backward = (offsets[direction][i] for direction in DIRECTIONS)
        assert read["forward"][forward - len(token) : forward + 1] == token + " "
        assert read["backward"][backward - len(token) : backward + 1] == token[::-1] + " "
    return {d: {"text": read[d], "ids": ids_of(read[d]), "offsets": offsets[d]} for d in DIRECTIONS}


def string_embeddings(p, tokens):
    """[N, 2D]: the forward state after each token beside the backward state before it."""
    halves = []
    for direction, reading in readings(tokens).items():
        lm = part(p, direction)
        states, _ = lstm(lm["embedding.weight"][reading["ids"]], part(lm, "lstm"))
        halves.append(states[reading["offsets"]])
    return torch.cat(halves, 1)
