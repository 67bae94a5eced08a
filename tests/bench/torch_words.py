"""LSTM-CRF and Multi-Cell LSTM written plainly in PyTorch: what a training epoch takes.

    python torch_words.py FILE SYSTEM EPOCHS

FILE has columns, word first and tag last; SYSTEM is lstm-crf (CrossNER's size: vectors of 400, 2 layers of 256 a
direction, batch 32, Adam) or multi-cell-lstm (150, 100 a direction, batch 10). Prints the median epoch as JSON.
"""

import json
import random
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

torch.set_num_threads(2)
random.seed(1)
torch.manual_seed(1)


def read(path):
    sentences, rows = [], []
    for line in open(path, encoding="utf-8").read().split("\n") + [""]:
        if line.strip():
            rows.append(line.split())
        elif rows:
            sentences.append(([row[0] for row in rows], [row[-1] for row in rows]))
            rows = []
    return sentences


class CRF(nn.Module):
    def __init__(self, K):
        super().__init__()
        self.transitions = nn.Parameter(torch.empty(K, K).uniform_(-0.1, 0.1))
        self.start = nn.Parameter(torch.empty(K).uniform_(-0.1, 0.1))
        self.end = nn.Parameter(torch.empty(K).uniform_(-0.1, 0.1))

    def forward(self, e, tags, mask):
        """Mean negative log likelihood; e [B, T, K], tags and mask [B, T]."""
        B, T, _ = e.shape
        rows = torch.arange(B)
        alpha = self.start + e[:, 0]
        score = self.start[tags[:, 0]] + e[rows, 0, tags[:, 0]]
        for t in range(1, T):
            new = torch.logsumexp(alpha[:, :, None] + self.transitions, 1) + e[:, t]
            alpha = torch.where(mask[:, t, None], new, alpha)
            score = score + (self.transitions[tags[:, t - 1], tags[:, t]] + e[rows, t, tags[:, t]]) * mask[:, t]
        last = tags[rows, mask.sum(1) - 1]
        return (torch.logsumexp(alpha + self.end, 1) - score - self.end[last]).mean()


class LstmCrf(nn.Module):
    def __init__(self, V, K):
        super().__init__()
        self.words, self.dropout = nn.Embedding(V, 400), nn.Dropout(0.5)
        self.lstm = nn.LSTM(400, 256, 2, batch_first=True, bidirectional=True, dropout=0.5)
        self.out, self.crf = nn.Linear(512, K), CRF(K)

    def forward(self, words, tags, types, mask, lengths):
        x = pack_padded_sequence(self.dropout(self.words(words)), lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.lstm(x)[0], batch_first=True)
        return self.crf(self.out(states), tags, mask)


class Direction(nn.Module):
    """One direction of a Multi-Cell LSTM of N types; padding stands at the end, and what follows it is not read."""

    def __init__(self, N, width, H):
        super().__init__()
        self.N, self.H = N, H
        self.cells_x, self.cells_h = nn.Linear(width, N * 2 * H), nn.Linear(H, N * 2 * H, bias=False)
        self.comp_x, self.comp_h = nn.Linear(width, 3 * H), nn.Linear(H, 3 * H, bias=False)
        self.P, self.Q = nn.Linear(H, 2 * H, bias=False), nn.Linear(H, 2 * H, bias=False)
        self.v = nn.Linear(2 * H, 1, bias=False)

    def forward(self, x):
        B, T, _ = x.shape
        N, H = self.N, self.H
        cells_x, comp_x = self.cells_x(x), self.comp_x(x)
        h, c = x.new_zeros(B, H), x.new_zeros(B, H)
        states, alphas, typed_states = [], [], []
        for t in range(T):
            i_k, g_k = (cells_x[:, t] + self.cells_h(h)).view(B, N, 2 * H).split(H, 2)
            i_k = i_k.sigmoid()
            typed = i_k * g_k.tanh() + (1 - i_k) * c[:, None]
            i, o, new = (comp_x[:, t] + self.comp_h(h)).split(H, 1)
            i = i.sigmoid()
            energy = self.v((self.P(new.tanh())[:, None] + self.Q(typed)).tanh())
            alpha = energy[:, :, 0].softmax(1)
            c = i * (alpha[:, :, None] * typed).sum(1) + (1 - i) * c
            h = o.sigmoid() * c.tanh()
            states.append(h), alphas.append(alpha), typed_states.append(typed)
        return torch.stack(states, 1), torch.stack(alphas, 1), torch.stack(typed_states, 1)


def reversed_within(x, lengths):
    return pad_sequence([x[b, :n].flip(0) for b, n in enumerate(lengths.tolist())], batch_first=True)


class MultiCell(nn.Module):
    def __init__(self, V, K, N, width=150, H=100):
        super().__init__()
        self.words, self.dropout = nn.Embedding(V, width), nn.Dropout(0.5)
        self.forward_, self.backward_ = Direction(N, width, H), Direction(N, width, H)
        self.types = nn.Parameter(torch.empty(N, 2 * H).uniform_(-0.07, 0.07))
        self.type_bias = nn.Parameter(torch.zeros(N))
        self.out, self.crf = nn.Linear(2 * H, K), CRF(K)

    def forward(self, words, tags, types, mask, lengths):
        x = self.dropout(self.words(words))
        first = self.forward_(x)
        second = [reversed_within(y, lengths) for y in self.backward_(reversed_within(x, lengths))]
        states = torch.cat([first[0], second[0]], 2)
        scores = (torch.cat([first[2], second[2]], 3) * self.types).sum(3) + self.type_bias
        B = len(lengths)
        typing = nn.functional.cross_entropy(scores[mask], types[mask], reduction="sum") / B
        alpha = ((first[1] + second[1]) / 2)[mask]
        guidance = nn.functional.nll_loss(alpha.clamp(min=1e-30).log(), types[mask], reduction="sum") / B
        return self.crf(self.out(states), tags, mask) + typing + guidance


def main():
    path, system, epochs = sys.argv[1], sys.argv[2], int(sys.argv[3])
    sentences = read(path)
    ids = {w: i + 2 for i, w in enumerate(sorted({w for words, _ in sentences for w in words}))}
    tag_ids = {t: i for i, t in enumerate(sorted({t for _, tags in sentences for t in tags}))}
    type_ids = {t: i for i, t in enumerate(sorted({t.split("-", 1)[-1] for t in tag_ids}))}
    V, K = len(ids) + 2, len(tag_ids)
    model = LstmCrf(V, K) if system == "lstm-crf" else MultiCell(V, K, len(type_ids))
    batch_size = 32 if system == "lstm-crf" else 10
    optimizer, seconds = torch.optim.Adam(model.parameters(), lr=1e-3), []
    for _ in range(epochs):
        random.shuffle(sentences)
        start = time.perf_counter()
        for at in range(0, len(sentences), batch_size):
            members = sentences[at : at + batch_size]
            lengths = torch.tensor([len(words) for words, _ in members])
            pad = lambda rows: pad_sequence([torch.tensor(row) for row in rows], batch_first=True)
            words = pad([[ids[w] for w in words] for words, _ in members])
            tags = pad([[tag_ids[t] for t in tags] for _, tags in members])
            types = pad([[type_ids[t.split("-", 1)[-1]] for t in tags] for _, tags in members])
            mask = torch.arange(words.shape[1])[None] < lengths[:, None]
            loss = model(words, tags, types, mask, lengths)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        seconds.append(time.perf_counter() - start)
    print(json.dumps({"system": system, "epoch_s_median": statistics.median(seconds[1:]), "loss": loss.item()}))


main()
