"""Inverts a large symmetric matrix in its own place, by the sweep operator (Goodnight 1979).

`numpy.linalg.inv` works in double precision on several copies; for two thousand phrasings that is twice the memory of
everything else. Sweeping a block of rows at a time needs no copy, and is as exact as single precision allows.
"""

from collections.abc import Sequence

import numpy as np

from helpdesk.faq.search.arrays import Floats

BLOCK = 128


def invert(matrix: Floats) -> None:
    """Replace a symmetric, positive definite matrix by its inverse."""
    blocks = [slice(start, start + BLOCK) for start in range(0, len(matrix), BLOCK)]
    for block in blocks:
        _sweep(matrix, block, blocks)
    np.negative(matrix, out=matrix)


def _sweep(matrix: Floats, block: slice, blocks: Sequence[slice]) -> None:
    pivot = np.linalg.inv(matrix[block, block])
    rows = matrix[block].copy()
    rows[:, block] = 0.0
    swept = pivot @ rows
    for other in blocks:
        matrix[other] -= rows[:, other].T @ swept
    matrix[block] = swept
    matrix[:, block] = swept.T
    matrix[block, block] = -pivot
