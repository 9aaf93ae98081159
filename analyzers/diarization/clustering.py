"""Which pieces of speech are of one person: clustering of speaker embeddings."""

from __future__ import annotations

import numpy as np


def group(embeddings: np.ndarray, seconds: np.ndarray, *, pure: float, same: float) -> tuple[np.ndarray, np.ndarray]:
    """Cluster in two steps: average linkage to pure groups, then merging of groups by their centroids.

    A single piece of 1–2 s is a noisy sample of a voice; the centroid of a group is not. So
    the first step joins only what is clearly alike, and the second compares groups.

    Args:
        embeddings: shape (n, d), n ≥ 1, each of length 1.
        seconds: shape (n,), speech behind each.
        pure: mean cosine similarity down to which the first step joins.
        same: cosine similarity of centroids down to which the second step joins.

    Returns:
        labels: shape (n,), 0 = the group with most speech, and so on.
        similarity: shape (groups, groups), cosine between centroids.
    """
    labels = np.zeros(1, int) if len(embeddings) == 1 else _average_linkage(embeddings, pure)
    while True:
        weight = np.zeros((labels.max() + 1, len(labels)))
        weight[labels, np.arange(len(labels))] = seconds
        centroids = weight @ embeddings
        centroids /= np.linalg.norm(centroids, axis=1, keepdims=True)
        similarity = centroids @ centroids.T
        apart = np.where(np.eye(len(similarity), dtype=bool), -1.0, similarity)
        first, second = np.unravel_index(apart.argmax(), apart.shape)
        if apart[first, second] < same:
            break
        labels = _renumber(np.where(labels == max(first, second), min(first, second), labels))
    order = np.argsort(-weight.sum(axis=1), kind="stable")
    return np.argsort(order)[labels], similarity[np.ix_(order, order)]


def _average_linkage(embeddings: np.ndarray, similarity: float) -> np.ndarray:
    from scipy.cluster.hierarchy import fcluster, linkage

    rows, columns = np.triu_indices(len(embeddings), 1)
    distances = np.clip(1 - (embeddings @ embeddings.T)[rows, columns], 0, 2)
    tree = linkage(distances, "average")
    return _renumber(fcluster(tree, 1 - similarity, "distance"))


def _renumber(labels: np.ndarray) -> np.ndarray:
    return np.unique(labels, return_inverse=True)[1]
