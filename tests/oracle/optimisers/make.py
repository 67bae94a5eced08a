"""What PyTorch's optimisers and averages and transformers' schedules compute; see README.md."""
import json
import sys

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from transformers import (
    get_constant_schedule_with_warmup,
    get_cosine_schedule_with_warmup,
    get_linear_schedule_with_warmup,
)

N_LAYERS = 3
SHAPES = {
    "embeddings.word_embeddings.weight": (4, 2),
    "embeddings.LayerNorm.weight": (2,),
    "embeddings.LayerNorm.bias": (2,),
    **{
        f"encoder.layer.{layer}.output.dense.{part}": shape
        for layer in range(N_LAYERS)
        for part, shape in [("weight", (2, 3)), ("bias", (2,))]
    },
    "out.weight": (3, 2),
    "out.bias": (3,),
}
LEARNING_RATE = 0.05


def schedules():
    of = {
        "constant": get_constant_schedule_with_warmup,
        "linear": get_linear_schedule_with_warmup,
        "cosine": get_cosine_schedule_with_warmup,
    }
    cases = []
    for name, make in of.items():
        for n_steps, warmup, n_rising in [(10, None, 0), (10, 0.3, 3), (7, 0.1, 1), (1, 0.5, 1), (25, 0.9, 23)]:
            optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
            total = [] if name == "constant" else [n_steps]
            schedule = make(optimizer, n_rising, *total)
            factors = []
            for _ in range(n_steps):
                factors.append(schedule.get_last_lr()[0])
                optimizer.step()
                schedule.step()
            cases.append({"schedule": name, "warmup": warmup, "factors": factors})
    return cases


def groups(parameters, learning_rate, weight_decay, head_rate, layer_decay):
    """One group a parameter, as fine-tuning scripts make them."""
    result = []
    for name, parameter in parameters.items():
        rate = learning_rate
        if name.startswith("out."):
            rate *= head_rate
        elif name.startswith("embeddings."):
            rate *= layer_decay**N_LAYERS
        else:
            rate *= layer_decay ** (N_LAYERS - 1 - int(name.split(".")[2]))
        decays = not any(part in name for part in ("bias", "LayerNorm"))
        result.append({"params": [parameter], "lr": rate, "weight_decay": weight_decay if decays else 0.0})
    return result


def values(arrays):
    return {name: array.detach().flatten().tolist() for name, array in arrays.items()}


def optimisers():
    generator = torch.Generator().manual_seed(1)
    draw = lambda: {name: torch.randn(shape, generator=generator) for name, shape in SHAPES.items()}
    start = draw()
    gradients = [draw() for _ in range(8)]
    settings = [
        {"weightDecay": 0.1, "headRate": 1, "layerDecay": 1},
        {"weightDecay": 0, "headRate": 5, "layerDecay": 1},
        {"weightDecay": 0, "headRate": 1, "layerDecay": 0.8},
        {"weightDecay": 0.1, "headRate": 5, "layerDecay": 0.8},
    ]
    cases = []
    for kind, make in [("adam", torch.optim.AdamW), ("sgd", torch.optim.SGD)]:
        for one in settings:
            parameters = {name: torch.nn.Parameter(array.clone()) for name, array in start.items()}
            optimizer = make(groups(parameters, LEARNING_RATE, *one.values()))
            for gradient in gradients:
                for name, parameter in parameters.items():
                    parameter.grad = gradient[name].clone()
                optimizer.step()
            cases.append({"optimizer": kind, **one, "end": values(parameters)})
    return {
        "shapes": SHAPES,
        "learningRate": LEARNING_RATE,
        "start": values(start),
        "gradients": [values(gradient) for gradient in gradients],
        "cases": cases,
    }


def averages():
    generator = torch.Generator().manual_seed(2)
    steps = [torch.randn(5, generator=generator) for _ in range(6)]
    cases = []
    for decay in [None, 0.9, 0.999]:
        model = torch.nn.Linear(5, 1, bias=False)
        average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay) if decay else None)
        after = []
        for step in steps:
            model.weight.data.copy_(step[None])
            average.update_parameters(model)
            after.append(average.module.weight.detach().flatten().tolist())
        cases.append({"decay": decay, "after": after})
    return {"steps": [step.tolist() for step in steps], "cases": cases}


def loss_scales():
    """Two weights times inputs in float16: their scaled gradients, the inputs, overflow above 65504."""
    cases = []
    rising = [2.0**-k for k in (3, 5, 1, 2, 6, 8, 9, 9, 7, 10, 11, 11, 12, 4, 4, 12, 12, 12, 13, 13, 13, 13, 2, 13)]
    constant = [2.0**-2] + [2.0**-1] * 4 + [2.0**-4] * 2100
    for settings, sizes in [({"init_scale": 65536.0, "growth_interval": 3}, rising), ({}, constant)]:
        scaler = torch.amp.GradScaler("cpu", **settings)
        weights = torch.nn.Parameter(torch.tensor([0.5, -0.25]))
        optimizer = torch.optim.SGD([weights], lr=0.125)
        scales = []
        for size in sizes:
            inputs = torch.tensor([size, -4 * size], dtype=torch.float16)
            optimizer.zero_grad()
            scaler.scale((weights.half() * inputs).float().sum()).backward()
            scaler.step(optimizer)
            scaler.update()
            scales.append(scaler.get_scale())
        cases.append({
            "growthInterval": scaler.get_growth_interval(),
            "sizes": runs_of(sizes),
            "scales": runs_of(scales),
            "nFinite": scaler._get_growth_tracker(),
            "end": weights.tolist(),
        })
    return cases


def runs_of(numbers):
    """Each number with how many times it comes in a row."""
    runs = []
    for number in numbers:
        if runs and runs[-1][0] == number:
            runs[-1][1] += 1
        else:
            runs.append([number, 1])
    return runs


if __name__ == "__main__":
    makers = [
        ("schedules", schedules),
        ("optimisers", optimisers),
        ("averages", averages),
        ("loss_scales", loss_scales),
    ]
    for name, make in makers:
        with open(f"{sys.argv[1]}/{name}.json", "w") as file:
            json.dump(make(), file)
            file.write("\n")
