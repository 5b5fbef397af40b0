#!/usr/bin/env python3
"""Draws the figures of docs/figures from what the program says, with gnuplot, in English and Chinese.

    tools/figures.py PROGRAM           draws them
    tools/figures.py --check PROGRAM   changes nothing, fails when a figure was drawn from other numbers (needs no gnuplot)

Each figure carries the checksum of its numbers in a comment, so that a figure that is out of date is noticed.
"""
import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import tempfile

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs", "figures")
LIBRARY = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scenarios", "library")
COLORS = ["#2563eb", "#d97706", "#059669", "#7c3aed"]
STYLE = """set terminal svg size 760,380 dynamic background rgb 'white' font 'sans-serif,13'
set datafile separator ','
set grid ytics lc rgb '#dddddd' lt 1
set border 3 lc rgb '#666666'
set tics nomirror
set key top right
"""


def say(program, *arguments):
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "1795305600"}
    return subprocess.run([program, *arguments, "--quiet"], capture_output=True, text=True, check=True, env=environment).stdout


def hours(text):
    """A length of time such as 7d or 180h, in days."""
    number, unit = re.fullmatch(r"([\d.]+)(d|h)", text).groups()
    return float(number) / (24 if unit == "h" else 1)


def deadline(program):
    """Cost against deadline: as planned, expected, and at 90 in 100."""
    table = csv.DictReader(io.StringIO(say(
        program, "sweep", f"{LIBRARY}/01-train-llm-spot.yaml", "--over", "workloads.pretrain.window.deadline=7d..14d/12h", "--runs", "400",
        "--format", "csv")))
    return [[hours(row["workloads.pretrain.window.deadline"]), *(round(float(row[key]) / 1000, 3) for key in ("cost", "expected", "p90"))]
            for row in table]


def day(program):
    """Machines held over one day, by quarter of an hour: outside spot, and all."""
    result = json.loads(say(program, "plan", f"{LIBRARY}/03-inference-online.yaml", "--runs", "0", "--json"))
    first, rows = 24 * 2, []
    for quarter in range(97):
        at = first + quarter / 4 + 1e-6
        held = [stretch for stretch in result["timeline"] if stretch["from_h"] <= at < stretch["to_h"]]
        steady = sum(stretch["machines"] for stretch in held if not stretch["market"].startswith("spot"))
        rows.append([quarter / 4, steady, sum(stretch["machines"] for stretch in held)])
    return rows


def spread(program):
    """Where 80 of 100 worlds of each variant fall, and the mean."""
    table = csv.DictReader(io.StringIO(say(program, "compare", f"{LIBRARY}/06-render-farm.yaml", "--runs", "400", "--format", "csv")))
    return [[row["variant"], *(round(float(row[key]) / 1000, 3) for key in ("p10", "expected", "p90"))]
            for row in table if row["expected"]]


FIGURES = {
    "deadline": (deadline, {"en": ("deadline, days", "thousand CNY", "planned", "expected", "90 in 100 worlds stay below"),
                            "zh": ("期限(天)", "千元", "计划", "期望", "100 个情景中 90 个不超过")},
                 lambda t: f"set xlabel '{t[0]}'\nset ylabel '{t[1]}'\nset yrange [0:*]\n"
                           "plot " + ", ".join(f"data using 1:{i + 2} with linespoints pt 7 ps 0.5 lw 2 lc rgb '{COLORS[i]}' title '{t[i + 2]}'"
                                               for i in range(3)) + "\n"),
    "day": (day, {"en": ("hour of the day", "machines", "spot", "outside spot"), "zh": ("时刻", "机器", "抢占式", "非抢占式")},
            lambda t: f"set xlabel '{t[0]}'\nset ylabel '{t[1]}'\nset xrange [0:24]\nset xtics 3\nset yrange [0:*]\nset style fill solid 0.85 noborder\n"
                      "set key top left\n"
                      f"plot data using 1:3 with fillsteps lc rgb '{COLORS[1]}' title '{t[2]}', "
                      f"data using 1:2 with fillsteps lc rgb '{COLORS[0]}' title '{t[3]}'\n"),
    "spread": (spread, {"en": ("thousand CNY", "80 of 100 worlds, and the mean"), "zh": ("千元", "100 个情景中的 80 个,以及均值")},
               lambda t: f"set key top left\nset ylabel '{t[0]}'\nset yrange [0:*]\nset xrange [-0.6:*]\nset offsets 0,0.6,0,0\nset bars 2\n"
                         f"plot data using 0:3:2:4:xtic(1) with yerrorbars pt 7 ps 1 lw 3 lc rgb '{COLORS[0]}' title '{t[1]}'\n"),
}


def as_csv(rows):
    return "".join(",".join(str(cell) for cell in row) + "\n" for row in rows)


def draw(data, texts, plot):
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write(data)
        file.flush()
        script = STYLE + f"data = '{file.name}'\n" + plot(texts)
        picture = subprocess.run(["gnuplot"], input=script, capture_output=True, text=True, check=True).stdout
    return re.sub(r"<desc>.*?</desc>\n", "", picture, flags=re.S).replace(file.name, "data")


def main():
    check, program, stale = "--check" in sys.argv, os.path.abspath(sys.argv[-1]), []
    os.makedirs(FOLDER, exist_ok=True)
    for name, (make, languages, plot) in FIGURES.items():
        data = as_csv(make(program))
        mark = f"<!-- {hashlib.sha256(data.encode()).hexdigest()} -->\n"
        for language, texts in languages.items():
            path = os.path.join(FOLDER, name + (".zh-CN" if language == "zh" else "") + ".svg")
            there = open(path, encoding="utf-8").read() if os.path.exists(path) else ""
            if there.endswith(mark):
                continue
            if check:
                stale.append(path)
                print(f"docs/figures/{os.path.basename(path)} was drawn from other numbers: run make docs")
                continue
            with open(path, "w", encoding="utf-8") as file:
                file.write(draw(data, texts, plot) + mark)
    return 1 if stale else 0


sys.exit(main())
