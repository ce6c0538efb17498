"""The project's own measurements: `make bench`, or `python -m tests.bench [family ...] [long]`.

A family is a module in `tests/bench/families`; its name is the name on the command line and the first word of its
rows. To add one, add a module with

    def measure(run: Run) -> Iterable[Row]

and yield a `Row` for each thing measured (`tests/bench/rows.py`). Everything else is found by itself. Rules:

- A floor is measured in the same run as the value: what the machine can do at best, or the bare thing without us.
  Ratios to it hold on another machine; milliseconds do not.
- What is compared is interleaved pair by pair, after warm-ups, and the median is told (`stats.py`, `launch.py`).
- `how` says how a number came about, so that a stranger can doubt it: runs, screen, spread.
- `run.long` asks for more runs; `run.folder` is an empty folder for whatever a family needs.
- Nothing here is a test: the suite never fails because a machine was busy. `make bench` does, by its exit code.
"""
