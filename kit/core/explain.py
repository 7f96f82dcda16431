"""What counted in an answer: a map over the picture, and the most similar samples.

"What counted here", never "what it looks at"; "most similar", never "because".
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where in the picture one label found evidence.

    Attributes:
        signed: (h, w) float32. Its mean is the label's logit less its bias, both taken against
            the mean over all labels: above 0 speaks for the label, below 0 against it.
        heat: (h, w) float32 in 0..1, for drawing: evidence for, against the strongest evidence of
            either kind. All zero where nothing spoke for the label.
        against: (h, w) float32 in 0..1: evidence against, on the same scale.
    """

    signed: np.ndarray
    heat: np.ndarray
    against: np.ndarray


def class_activation_map(
    feature_map: np.ndarray,
    features: np.ndarray,
    weights: np.ndarray,
    class_index: int,
) -> Evidence:
    """Shares a label's logit among the positions of the feature map.

    The head is linear in features T(e) of the embedding e, the map's mean over positions. Each
    channel's part of the logit, w_c T(e)_c, is shared among the positions in the proportion of
    that channel's activations F_pc:

        S_p = sum_c (w_c - mean_k w_kc) * T(e)_c / e_c * F_pc

    As mean_p F_pc = e_c, mean_p S_p = (w - mean_k w_k) . T(e): the centred logit less its bias,
    exactly, whatever T does channel by channel and whatever length it divides by. (The gradient of
    T would not do: a feature vector scaled to unit length has a gradient at right angles to e, and
    the map would sum to 0.) Weights are centred, because softmax only sees differences: a weight
    that all labels share is evidence for none.

    Args:
        feature_map: (h, w, d) activations before pooling, 0 or more.
        features: (d,) the head's own features of the map's mean over positions.
        weights: (k, d) of the head.
        class_index: which label.

    Raises:
        ValueError: the shapes do not fit.

    Source: Zhou et al. (2016), Learning Deep Features for Discriminative Localization, extended
    to the head's feature transform by the identity above.
    """
    d = feature_map.shape[-1]
    if feature_map.ndim != 3 or features.shape != (d,) or weights.shape[1:] != (d,):
        raise ValueError(
            f"a map of {feature_map.shape}, features of {features.shape} and weights of "
            f"{weights.shape} do not fit"
        )
    pooled = feature_map.mean(axis=(0, 1), dtype=np.float64)
    # A channel that is nowhere active has T(e)_c = 0 and nothing to share.
    ratio = np.divide(features, pooled, out=np.zeros(d), where=pooled > 0)
    own = weights[class_index] - weights.mean(axis=0)
    signed = (feature_map @ (own * ratio)).astype(np.float32)
    strongest = float(np.abs(signed).max())
    scale = 1.0 / strongest if strongest > 0 else 0.0
    return Evidence(
        signed,
        heat=np.maximum(signed, 0.0) * np.float32(scale),
        against=np.maximum(-signed, 0.0) * np.float32(scale),
    )


def most_similar(
    embedding: np.ndarray, embeddings: np.ndarray, *, most: int = 3, leave_out: int | None = None
) -> list[tuple[int, float]]:
    """The samples whose embeddings point the same way, the nearest first.

    Args:
        embedding: (d,) of the picture asked about.
        embeddings: (n, d) of the samples.
        most: how many at most.
        leave_out: position of the picture itself, where it is one of the samples.

    Returns:
        (position, cosine) pairs; equals keep their order. An embedding of zeros has cosine 0.

    >>> most_similar(np.array([1.0, 0.0]), np.array([[0.0, 2.0], [3.0, 0.0]]), most=1)
    [(1, 1.0)]
    """
    if not len(embeddings):
        return []
    lengths = np.linalg.norm(embeddings, axis=1) * np.linalg.norm(embedding)
    dots = embeddings @ embedding
    cosines = np.divide(dots, lengths, out=np.zeros(len(embeddings)), where=lengths > 0)
    nearest = np.argsort(-cosines, kind="stable")
    found = [(int(i), float(cosines[i])) for i in nearest if i != leave_out]
    return found[:most]
