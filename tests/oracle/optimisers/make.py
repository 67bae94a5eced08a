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


if __name__ == "__main__":
    for name, make in [("schedules", schedules), ("optimisers", optimisers), ("averages", averages)]:
        with open(f"{sys.argv[1]}/{name}.json", "w") as file:
            json.dump(make(), file)
            file.write("\n")
