"""The tiles of a screening on a Dask cluster of two workers, one of which is killed midway."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("distributed")

SCRIPT = """
import os, signal, sys, threading, time
from pathlib import Path
from distributed import LocalCluster
import steppe
from steppe.screening.screening_run import screen

def main():
    plan, out = steppe.open_plan(sys.argv[1]), Path(sys.argv[2])
    alone = screen(plan.inputs, out / "alone", cell_m=150.0)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        victim = next(iter(cluster.workers.values())).pid
        folder = out / "many"

        def kill():
            while not list(folder.glob(".parts-*/[0-9]*.tif")):
                time.sleep(0.01)
            os.kill(victim, signal.SIGKILL)
            print("killed", flush=True)

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        screen(plan.inputs, folder, cell_m=150.0, scheduler=cluster.scheduler_address)
        killer.join()
    one, other = ({str(p.relative_to(f)): p.read_bytes() for p in f.rglob("*") if p.is_file()}
                  for f in (alone.folder, folder))
    print("equal" if one == other and len(one) > 5 else "unlike")

if __name__ == "__main__":
    main()
"""


def test_two_workers_one_of_them_killed_come_to_the_bytes_of_one_machine(
    plan_folder, tmp_path: Path
) -> None:
    script = tmp_path / "many.py"
    script.write_text(SCRIPT, encoding="utf-8")
    run = [sys.executable, str(script), str(plan_folder), str(tmp_path)]
    done = subprocess.run(run, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout.split() == ["killed", "equal"], done.stderr[-2000:]
