"""What the gallery shows: one project in every state a page must have words for.

Plain values in the shapes of the API. Whoever adds a state to the page adds it here, and the
accessibility tests walk over it by themselves.
"""

from typing import Any

BACKBONE = {"backbone": "efficientnet-lite0", "backbone_hash": "0" * 64}
LONG = "Anticonstitutionnellement très longue étiquette"
LOSSES = [1.1, 0.62, 0.41, 0.3, 0.23, 0.18, 0.15, 0.13, 0.115, 0.105, 0.1]


def label(position: int, name: str, samples: int, bursts: int, **more: Any) -> dict[str, Any]:
    """A label whose newest pictures are drawn by `drawings.picture`."""
    newest = min(8, samples)
    return {
        "id": f"l{position}",
        "name": name,
        "style": position % 8,
        "is_nothing": False,
        "samples": samples,
        "bursts": bursts,
        "thumbs": [{"id": f"l{position}-{samples - n}"} for n in range(newest)],
        **more,
    }


def model_ref(number: int) -> dict[str, Any]:
    """The model that answers in the gallery; number 0 is the instant one."""
    head = "softmax-regression" if number else "nearest-class-mean"
    place = {"project_id": "p", "space_id": "squirrel", "animal": "squirrel"}
    return {**place, "number": number, "head": head, **BACKBONE}


def model(labels: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A trained model."""
    return {
        "ref": model_ref(3),
        "stale": False,
        "trained_on": sum(one["samples"] for one in labels),
        "training_ms": 412.0,
        "loss_curve": LOSSES,
        "threshold": 0.55,
        "exportable": True,
        "trained_labels": [one["name"] for one in labels],
        **more,
    }


def check(labels: list[dict[str, Any]], method: str = "shown_after") -> dict[str, Any]:
    """18 of 20 right over the first three labels; anything beyond was not checked."""
    names = [one["name"] for one in labels[:3]]
    return {
        "method": method,
        "model_number": 3,
        "right": 18,
        "n": 20,
        "low": 14,
        "high": 19,
        "accuracy": {"value": 0.9, "low": 0.7, "high": 0.97, "n": 20},
        "labels": names,
        "label_ids": [one["id"] for one in labels[:3]],
        "confusion": [[7, 0, 0], [1, 6, 0], [0, 1, 5]],
        "per_label": [
            {"name": names[0], "precision": 0.875, "recall": 1.0, "n": 7, "right": 7},
            {"name": names[1], "precision": 0.857, "recall": 0.857, "n": 7, "right": 6},
            {"name": names[2], "precision": None, "recall": 0.833, "n": 6, "right": 5},
        ],
        "not_sure": 2,
        "unchecked_labels": [one["name"] for one in labels[3:]],
        "bursts": 3,
    }


def state(project_id: str, name: str, labels: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """A whole ProjectState; what is not said is as in a fresh project of pictures."""
    kind = more.pop("kind", "image")
    own = {"image": ("blur_faces", "uploads"), "sound": ("hearing", "words")}
    name_of, value = own.get(kind, ("hands", 1))
    return {
        "seq": 1,
        "project": {
            "id": project_id,
            "name": name,
            "kind": kind,
            "hearing": None,
            "hands": None,
            "blur_faces": None,
            name_of: value,
            "space_id": "squirrel",
            "animal": "squirrel",
            "threshold": None,
            "activity": more.pop("activity", None),
            "is_example": False,
        },
        "labels": labels,
        "burst": None,
        "can_answer": sum(one["samples"] > 0 for one in labels) >= 2,
        "model": None,
        "check": None,
        "advice": [],
        "job": None,
        **more,
    }


def job(state: str, **more: Any) -> dict[str, Any]:
    """A training in that state."""
    plain = {"id": "j1", "verb": "train", "project_id": "p", "space_id": "squirrel"}
    return {**plain, "state": state, "progress": 0.6, "result": None, "error": None, **more}


def states() -> dict[str, dict[str, Any]]:
    """Every state, by its project's id."""
    hands = [
        label(0, "Poing", 24, 2),
        label(1, "Ciseaux", 22, 2),
        label(2, "Main ouverte", 18, 1),
    ]
    once = {
        "id": "advice-show-label-again",
        "values": {"label": "Main ouverte"},
        "label_id": "l2",
    }
    many = [label(n, f"Objet {n + 1}", 12 + n, 2) for n in range(7)]
    many.append(label(7, LONG, 1234, 18, is_nothing=True))
    title = "Pierre, feuille, ciseaux"
    return {
        "empty": state("empty", "Nouveau projet", []),
        "first": state("first", title, [label(0, "Poing", 1, 1), label(1, "Ciseaux", 0, 0)]),
        "instant": state("instant", title, [label(0, "Poing", 1, 1), label(1, "Ciseaux", 1, 1)]),
        "full": state(
            "full",
            title,
            hands,
            model=model(hands),
            check=check(hands),
            advice=[once],
            activity="sort-it",
        ),
        "unchecked": state("unchecked", title, hands, model=model(hands, stale=True)),
        "showing": state(
            "showing", title, hands, burst={"id": "b", "label_id": "l1", "samples": 8}
        ),
        "training": state("training", title, hands, job=job("running")),
        "reading": state(
            "reading", title, hands, can_answer=False, job=job("running", verb="embed")
        ),
        "failed": state(
            "failed",
            title,
            hands,
            job=job("failed", error={"id": "something-broke", "values": {}}),
        ),
        "many": state(
            "many",
            f"{LONG} et encore un peu plus longue",
            many,
            model=model(many, exportable=False),
            check=check(many, "left_out_in_turn"),
        ),
        "unsure": state("unsure", title, hands, model=model(hands), check=check(hands)),
        "nocamera": state("nocamera", title, hands, model=model(hands), check=check(hands)),
        **sounds(),
        **gestures(hands),
    }


def sounds() -> dict[str, dict[str, Any]]:
    """The states of a project of sounds."""
    background = label(0, "Bruit de fond", 20, 2, is_nothing=True)
    words = [background, label(1, "oui", 12, 12), label(2, "non", 9, 9)]
    long = [*words, *(label(n, f"{LONG} {n}", 7, 7) for n in range(3, 6))]
    title = "Oui ou non"
    full = {"model": model(words), "check": check(words)}
    recording = {"id": "b", "label_id": "l1", "samples": 0, "without_hand": 0}
    return {
        "sound-empty": state("sound-empty", title, [], kind="sound"),
        "sound": state("sound", title, words, kind="sound", **full),
        "sound-recording": state(
            "sound-recording", title, words, kind="sound", burst=recording, **full
        ),
        "sound-long": state("sound-long", f"{LONG} et plus", long, kind="sound", model=model(long)),
        "sound-lost": state("sound-lost", title, words, kind="sound", **full),
        "sound-taken": state("sound-taken", title, words, kind="sound", **full),
    }


def gestures(hands: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The states of a project of gestures."""
    showing = {"id": "b", "label_id": "l1", "samples": 8, "without_hand": 3}
    title = "Signes de la main"
    full = {"model": model(hands), "check": check(hands)}
    return {
        "gesture-empty": state("gesture-empty", title, [], kind="gesture"),
        "gesture": state("gesture", title, hands, kind="gesture", **full),
        "gesture-showing": state(
            "gesture-showing", title, hands, kind="gesture", burst=showing, **full
        ),
    }


def prediction(of: dict[str, Any]) -> dict[str, Any]:
    """An answer for that state; the project "unsure" gets one below the threshold."""
    names = [one["name"] for one in of["labels"] if one["samples"]]
    best = min(1, len(names) - 1)
    top = 0.48 if of["project"]["id"] == "unsure" else 0.86
    rest = [(1 - top) * (0.79 if n == 0 else 0.21) for n in range(len(names) - 1)]
    others = sum(rest) or 1.0
    shares = [share / others * (1 - top) for share in rest]
    shares.insert(best, top)
    return {
        "label": names[best],
        "label_id": of["labels"][best]["id"],
        "known": top > 0.55,
        "confidence": top,
        "confidences": dict(zip(names, shares, strict=True)),
        "stages_ms": {"read": 4.2, "prepare": 1.4, "wait": 0.3, "invoke": 24.6, "head": 0.08},
        "latency_ms": 30.6,
        "threshold": 0.55,
        "sequence": 7,
        "model": model_ref(3 if of["model"] else 0),
        **({"hands": [hand()]} if of["project"]["kind"] == "gesture" else {}),
        **last_heard(of, names[best]),
    }


def last_heard(of: dict[str, Any], name: str) -> dict[str, Any]:
    """What only answers about sounds say besides."""
    if of["project"]["kind"] != "sound":
        return {}
    return {"heard": True, "last_heard": {"label": name, "label_id": "l1", "sequence": 7}}


def hand() -> dict[str, Any]:
    """Two fingers up, about where the gallery's camera shows a hand."""
    fingers = [(0.42, 0.62), (0.45, 0.22), (0.55, 0.2), (0.58, 0.55), (0.62, 0.6)]
    wrist, points = (0.52, 0.92), [(0.52, 0.92)]
    for tip_x, tip_y in fingers:
        points += [
            (wrist[0] + (tip_x - wrist[0]) * part, wrist[1] + (tip_y - wrist[1]) * part)
            for part in (0.4, 0.62, 0.8, 1.0)
        ]
    return {"side": "right", "points": [[round(x, 4), round(y, 4)] for x, y in points]}


def heard(sequence: int) -> dict[str, Any]:
    """A word and a pause, again and again: what a `sound` event says."""
    columns = []
    for at in range(sequence, sequence + 12):
        loud = max(0.0, 1 - ((at % 90) - 25) ** 2 / 500)
        columns.append(
            [
                int(30 + 20 * ((band * 7 + at * 3) % 5) / 5 + 200 * loud * (band % 6 < 3))
                for band in range(32)
            ]
        )
    return {
        "sequence": sequence,
        "level_db": -26.0,
        "peak_db": -14.0,
        "clipping": False,
        "columns": columns,
    }
