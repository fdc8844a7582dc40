"""The rules of what endangers and of the climate: towns, earthquakes, faults, stations.

Colours are Paul Tol's YlOrBr (technical note SRON/EPS/TN/09-002, 2021) and Okabe and Ito's
(Color Universal Design, 2008), both safe for the colour-blind.
"""

from __future__ import annotations

from steppe.maps.style_rules import INK, UNKNOWN, WHITE, dot, line, other
from steppe.maps.symbols import RGBA, Rule, When


def town_rules() -> tuple[Rule, ...]:
    """Return the rules of towns, by basic design acceleration."""
    # GB 18306-2015 has these six classes of basic acceleration; the colours are Tol's YlOrBr.
    # Dark ones have a pale edge and pale ones a dark one: each is read on any ground.
    edge: RGBA = (90, 50, 20, 255)
    classes: tuple[tuple[float, RGBA, RGBA], ...] = (
        (0.40, (102, 37, 6, 255), WHITE),
        (0.30, (153, 52, 4, 255), WHITE),
        (0.20, (204, 76, 2, 255), WHITE),
        (0.15, (236, 112, 20, 255), WHITE),
        (0.10, (251, 154, 41, 255), edge),
        (0.05, (254, 227, 145, 255), edge),
    )
    return (
        *(
            Rule(
                f"pga_{round(low_g * 100):02d}",
                (When("pga_g", "ge", low_g),),
                dot(colour, 2.6, stroke=line_colour, width_mm=0.2, shape="square"),
                f"{low_g:.2f} g",
                f"{low_g:.2f} g",
            )
            for low_g, colour, line_colour in classes
        ),
        Rule(
            "unknown",
            (When("pga_g", "null"),),
            dot(WHITE, 2.0, stroke=UNKNOWN, width_mm=0.35, shape="square"),
            "未查到",
            "Unknown",
        ),
        other(dot(UNKNOWN, 2.0, shape="square"), "低于 0.05 g", "Below 0.05 g"),
    )


def station_rules() -> tuple[Rule, ...]:
    """Return the rules of weather stations, by yearly mean."""
    classes: tuple[tuple[float, RGBA, RGBA], ...] = (
        (12.0, (213, 94, 0, 255), WHITE),
        (8.0, (244, 165, 96, 255), INK),
        (4.0, (222, 222, 222, 255), INK),
        (0.0, (146, 197, 222, 255), INK),
    )
    return (
        *(
            Rule(
                f"temp_{low_c:02.0f}",
                (When("temp_mean_c", "ge", low_c),),
                dot(colour, 2.2, stroke=edge, width_mm=0.2, shape="triangle"),
                f"年均 {low_c:.0f} °C 及以上",
                f"Yearly mean {low_c:.0f} °C and over",
            )
            for low_c, colour, edge in classes
        ),
        Rule(
            "temp_below_00",
            (When("temp_mean_c", "lt", 0.0),),
            dot((33, 102, 172, 255), 2.2, width_mm=0.2, shape="triangle"),
            "年均低于 0 °C",
            "Yearly mean below 0 °C",
        ),
        other(dot(WHITE, 1.8, stroke=UNKNOWN, shape="triangle")),
    )


def earthquake_rules() -> tuple[Rule, ...]:
    """Return the rules of earthquakes: rings that grow with the magnitude."""
    ring: RGBA = (150, 40, 27, 255)
    # Pale within, so that the ring is read on any ground.
    pale: RGBA = (255, 240, 234, 200)
    classes = ((8.0, 8.0), (7.0, 6.0), (6.0, 4.0), (5.0, 2.4))
    return (
        *(
            Rule(
                f"mw_{low:.0f}",
                (When("magnitude", "ge", low),),
                dot(pale, size_mm, stroke=ring, width_mm=0.3),
                f"{low:.0f} 级及以上",
                f"Magnitude {low:.0f} and over",
            )
            for low, size_mm in classes
        ),
        other(dot(pale, 1.4, stroke=ring, width_mm=0.2), "更小", "Smaller"),
    )


def fault_rules() -> tuple[Rule, ...]:
    """Return the rules of active faults, by sense of slip."""
    senses = (
        ("reverse", ("Reverse",), (166, 54, 3, 255), "逆断层", "Reverse"),
        ("strike", ("Sinistral", "Dextral"), (197, 27, 95, 255), "走滑断层", "Strike-slip"),
        ("normal", ("Normal",), (84, 39, 136, 255), "正断层", "Normal"),
    )
    return (
        *(
            Rule(rule_id, (When("slip_type", "in", names),), line(colour, 0.5), zh, en)
            for rule_id, names, colour, zh, en in senses
        ),
        other(line((122, 96, 86, 255), 0.4, 2.4, 0.8)),
    )
