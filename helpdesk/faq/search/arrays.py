"""The arrays that the engine calculates with."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32 | np.float64]
Integers: TypeAlias = NDArray[np.intp]
Rows: TypeAlias = NDArray[np.int32]
Flags: TypeAlias = NDArray[np.bool_]
