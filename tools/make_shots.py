#!/usr/bin/env python3
"""Writes the shot list of the render-farm scenario; the same bytes every time.

    tools/make_shots.py > scenarios/library/data/shots.csv

96 shots of 8 sequences of an invented feature film. A row is a whole shot: all its layers and both eyes, so
frames = seconds x 24 x layers x 2. Times are seconds on one A10; they are scaled so that the list takes 28,000
A10-hours. Sequences are due in blocks at 18:00; a shot without `due` takes the deadline of the scenario.
"""
import random

SEED = 49
A10_HOURS = 28000
SHOTS_PER_SEQUENCE = 12
# Sequence, due moment ("": the deadline of the scenario), layers, relative weight of a frame.
SEQUENCES = [
    ("sq010", "2026-12-04 18:00", 5, 0.90),
    ("sq020", "2026-12-04 18:00", 6, 0.75),
    ("sq030", "2026-12-05 18:00", 6, 1.00),
    ("sq040", "2026-12-06 18:00", 7, 1.10),
    ("sq050", "2026-12-07 18:00", 6, 1.05),
    ("sq060", "", 5, 1.25),
    ("sq070", "2026-12-08 18:00", 8, 0.95),
    ("sq080", "", 6, 1.20),
]


def main():
    draw = random.Random(SEED).random
    rows = []
    for sequence, due, layers, weight in SEQUENCES:
        for shot in range(1, SHOTS_PER_SEQUENCE + 1):
            length_s = 2.5 + 5.1 * draw()
            frames = round(length_s * 24) * layers * 2
            seconds = weight * (0.6 + 0.8 * draw())
            rows.append([f"{sequence}_{10 * shot:04d}", frames, seconds, due, 1 + int(5 * draw())])
    scale = A10_HOURS * 3600 / sum(row[1] * row[2] for row in rows)
    print("shot,frames,sec_per_frame,due,prio")
    for name, frames, seconds, due, priority in rows:
        print(f"{name},{frames},{seconds * scale:.0f},{due},{priority}")


if __name__ == "__main__":
    main()
