"""The colours of a symbology on a dark ground: what is dark there becomes light, and the reverse.

The hue stays, so that a class keeps its colour; the lightness is turned round in one falling
line, so that a scale from pale to dark becomes one from dark to bright, in the same order.
"""

from __future__ import annotations

import numpy as np

from steppe.maps.symbols import RGBA

# Oklab (Björn Ottosson, A perceptual color space for image processing, 2020): linear sRGB to the
# response of the cones, and its cube root to lightness and the two axes of colour.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
# Lightness on paper, and on the dark ground: a mark stays at 0.7 or above, where it has 3 to 1
# on any of the grounds, which come to 0.4 or below.
_LIGHT = (0.0, 0.35, 0.62, 0.72, 0.80, 1.0)
_DARK = (0.96, 0.84, 0.70, 0.48, 0.38, 0.19)
# A ground is paler than this, and keeps so much of its colour that it stays quiet.
_GROUND_LIGHTNESS = 0.75
_GROUND_CHROMA = 0.55
_FADING = 0.95
_STEPS = 60


def _to_linear(share: np.ndarray) -> np.ndarray:
    # IEC 61966-2-1 (sRGB).
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)  # noqa: PLR2004


def _from_linear(light: np.ndarray) -> np.ndarray:
    low = 0.0031308
    curved = 1.055 * np.maximum(light, low) ** (1 / 2.4) - 0.055
    return np.where(light <= low, 12.92 * light, curved)


def turn_dark(colour: RGBA) -> RGBA:
    """Return what a colour becomes on a dark ground; its opacity stays.

    >>> turn_dark((255, 255, 255, 120))
    (20, 20, 20, 120)
    """
    cones = _TO_CONES @ _to_linear(np.array(colour[:3]) / 255.0)
    lightness, *axes = _TO_LAB @ np.cbrt(cones)
    chroma = np.array(axes) * (_GROUND_CHROMA if lightness > _GROUND_LIGHTNESS else 1.0)
    turned = float(np.interp(lightness, _LIGHT, _DARK))
    light = np.zeros(3)
    # Of a lightness some colours are too strong for sRGB: these fade until they fit.
    for _ in range(_STEPS):
        roots = np.linalg.solve(_TO_LAB, np.array([turned, *chroma]))
        light = np.linalg.solve(_TO_CONES, roots**3)
        if light.min() > -1e-4 and light.max() < 1.0 + 1e-4:  # noqa: PLR2004
            break
        chroma = chroma * _FADING
    red, green, blue = (round(255 * part) for part in _from_linear(np.clip(light, 0, 1)).tolist())
    return red, green, blue, colour[3]
