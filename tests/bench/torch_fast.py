"""The tagger and LANER in PyTorch as fast as plain PyTorch goes on a CPU: batches of like length, text tokenised a batch
at a time, fused Adam, inference mode, the label states of all prefixes of a batch at once.

needs: pip install torch==2.13.0 transformers
usage: deno task bench --data DIR --encoder DIR --script tests/bench/torch_fast.py
alone: python torch_fast.py DATA ENCODER [EPOCHS] [base] prints a line of JSON for each system; with `base` the encoder
is a random one of BERT-base's size, and only the folder's tokenizer is used
"""

import json
import random
import statistics
import sys
import time

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from transformers import AutoTokenizer, BertConfig, BertModel

ROOT, ENCODER = sys.argv[1:3]
EPOCHS = int(sys.argv[3]) if len(sys.argv) > 3 else 4
BASE = "base" in sys.argv[4:]
BATCH, PREDICT_BATCH, LABEL_WIDTH = 16, 64, 100

torch.manual_seed(0)
random.seed(0)
tokenizer = AutoTokenizer.from_pretrained(ENCODER, add_prefix_space=True)


def read(path):
    """Reads sentences of words and tags from columns."""
    sentences, words, tags = [], [], []
    for line in [*open(path, encoding="utf8"), ""]:
        if line.strip():
            word, tag = line.split()[0], line.split()[-1]
            words.append(word)
            tags.append(tag)
        elif words:
            sentences.append((words, tags))
            words, tags = [], []
    return sentences


train_set, test_set = (read(f"{ROOT}/ai/{split}.txt") for split in ("train", "test"))
TAGS = sorted({tag for _, tags in train_set + test_set for tag in tags})
TAG_ID = {tag: i for i, tag in enumerate(TAGS)}
K = len(TAGS)


def encode(sentences):
    """Tokenises a batch; gives pieces, mask, the first piece of each word, tags and lengths in words."""
    text = tokenizer([words for words, _ in sentences], is_split_into_words=True, padding=True, return_tensors="pt")
    lengths = torch.tensor([len(words) for words, _ in sentences])
    firsts = torch.zeros(len(sentences), int(lengths.max()), dtype=torch.long)
    tags = torch.full_like(firsts, -100)
    for b, (words, gold) in enumerate(sentences):
        seen = -1
        for piece, word in enumerate(text.word_ids(b)):
            if word is not None and word > seen:
                firsts[b, word], seen = piece, word
        tags[b, : len(words)] = torch.tensor([TAG_ID[tag] for tag in gold])
    return text["input_ids"], text["attention_mask"], firsts, tags, lengths


def by_length(sentences, size):
    """Splits sentences into batches of like length."""
    ordered = sorted(sentences, key=lambda sentence: len(sentence[0]))
    return [ordered[i : i + size] for i in range(0, len(ordered), size)]


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        if BASE:
            config = BertConfig(vocab_size=len(tokenizer), attn_implementation="sdpa")
            self.bert = BertModel(config, add_pooling_layer=False)
        else:
            self.bert = BertModel.from_pretrained(ENCODER, add_pooling_layer=False, attn_implementation="sdpa")
        self.out = nn.Linear(self.bert.config.hidden_size, K)

    def states(self, ids, mask, firsts):
        h = self.bert(ids, attention_mask=mask).last_hidden_state
        return h.gather(1, firsts[..., None].expand(-1, -1, h.shape[-1]))

    def loss(self, batch):
        ids, mask, firsts, tags, _ = batch
        logits = self.out(self.states(ids, mask, firsts))
        return nn.functional.cross_entropy(logits.flatten(0, 1), tags.flatten(), ignore_index=-100)

    def predict(self, batch):
        ids, mask, firsts, _, _ = batch
        return self.out(self.states(ids, mask, firsts)).argmax(-1)


class Laner(Tagger):
    def __init__(self):
        super().__init__()
        H, D = self.bert.config.hidden_size, LABEL_WIDTH
        self.embedding = nn.Embedding(K + 1, D)
        self.lstm = nn.LSTM(D, D, batch_first=True, bidirectional=True)
        self.background_query = nn.Linear(2 * D, H)
        self.context_query = nn.Linear(2 * H, 2 * D)
        self.out = nn.Linear(2 * H + 2 * D, K)

    def score(self, queries, h, words, prefixes, lengths):
        """Scores words [B, Q, H] of sentences h [B, N, H] with mask [B, N] after prefixes [B * Q, L] of tags."""
        packed = pack_padded_sequence(self.embedding(prefixes), lengths, batch_first=True, enforce_sorted=False)
        e, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=prefixes.shape[1])
        last = e.gather(1, (lengths - 1)[:, None, None].expand(-1, 1, e.shape[-1])).view(*queries.shape[:2], -1)
        background = attend(self.background_query(last), h, words)
        at = self.context_query(torch.cat([queries, background], -1)).flatten(0, 1)[:, None]
        places = torch.arange(e.shape[1])[None] < lengths[:, None]
        context = attend(at, e, places).view(*queries.shape[:2], -1)
        return self.out(torch.cat([queries, background, context], -1))

    def loss(self, batch):
        ids, mask, firsts, tags, lengths = batch
        h = self.states(ids, mask, firsts)
        B, N, _ = h.shape
        words = torch.arange(N)[None] < lengths[:, None]
        history = torch.cat([torch.full((B, 1), K), tags.clamp(min=0)[:, :-1]], 1)
        prefixes = history[:, None].expand(B, N, N).reshape(B * N, N)
        logits = self.score(h, h, words, prefixes, torch.arange(1, N + 1).repeat(B))
        return nn.functional.cross_entropy(logits.flatten(0, 1), tags.flatten(), ignore_index=-100)

    def predict(self, batch):
        ids, mask, firsts, _, lengths = batch
        h = self.states(ids, mask, firsts)
        B, N, _ = h.shape
        words = torch.arange(N)[None] < lengths[:, None]
        history = torch.full((B, N + 1), K)
        for i in range(N):
            # Sentences are in the order of their lengths: those that end before are the first.
            left = int((lengths <= i).sum())
            prefixes, n = history[left:, : i + 1], torch.full((B - left,), i + 1)
            scores = self.score(h[left:, i : i + 1], h[left:], words[left:], prefixes, n)
            history[left:, i + 1] = scores.squeeze(1).argmax(-1)
        return history[:, 1:]


def attend(queries, keys, mask):
    """Attends with queries [B, Q, X] to keys [B, L, X] of which the mask [B, L] has some."""
    weights = (queries @ keys.transpose(1, 2)).masked_fill(~mask[:, None], -torch.inf).softmax(-1)
    return weights @ keys


for name, make in (("tagger", Tagger), ("laner", Laner)):
    model = make()
    adam = torch.optim.Adam(model.parameters(), 5e-5, fused=True)
    seconds = []
    model.train()
    for _ in range(EPOCHS):
        start = time.perf_counter()
        batches = by_length(train_set, BATCH)
        random.shuffle(batches)
        for sentences in batches:
            adam.zero_grad()
            model.loss(encode(sentences)).backward()
            adam.step()
        seconds.append(time.perf_counter() - start)
    model.eval()
    start = time.perf_counter()
    with torch.inference_mode():
        for sentences in by_length(test_set, PREDICT_BATCH):
            model.predict(encode(sentences))
    took = time.perf_counter() - start
    timing = {
        "system": name,
        "torch": torch.__version__,
        "epoch_s_median": statistics.median(seconds[1:] or seconds),
        "predict_words_per_s": sum(len(words) for words, _ in test_set) / took,
    }
    print(json.dumps(timing), flush=True)
