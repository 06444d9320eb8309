"""The playground in real Chromium: frames and epochs a second against a loop in JavaScript, latency, opening, memory.

    python benchmarks/playground.py [--minutes 1]

2-8-8-1, tanh and sigmoid, 500 points, full batch, field of 200 x 200. The loop in JavaScript goes sample by sample
through the same network, in the same browser, with nothing else going on there.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time

import psutil
from playwright.sync_api import Page, sync_playwright

STATE = {
    "data": {"n": 500},
    "layers": [{"units": 8}, {"units": 8}],
    "training": {"max_epochs": 1_000_000, "learning_rate": 0.1},
}

PER_SAMPLE = """seconds => {
  const widths = [2, 8, 8, 1], X = [], T = [];
  for (let n = 0; n < 500; n++) { const a = Math.PI * Math.random();
    X.push([Math.cos(a), Math.sin(a)]); T.push(n % 2); }
  const W = [], b = [];
  for (let l = 1; l < 4; l++) {
    const row = () => Float64Array.from({ length: widths[l - 1] }, () => Math.random() - 0.5);
    W.push(Array.from({ length: widths[l] }, row));
    b.push(new Float64Array(widths[l]));
  }
  const A = widths.map(n => new Float64Array(n)), D = widths.map(n => new Float64Array(n));
  const dW = W.map(rows => rows.map(row => new Float64Array(row.length)));
  const db = b.map(row => new Float64Array(row.length));
  const sample = (x, t) => {
    A[0].set(x);
    for (let l = 0; l < 3; l++) for (let j = 0; j < widths[l + 1]; j++) {
      let z = b[l][j];
      for (let i = 0; i < widths[l]; i++) z += W[l][j][i] * A[l][i];
      A[l + 1][j] = l < 2 ? Math.tanh(z) : 1 / (1 + Math.exp(-z));
    }
    D[3][0] = A[3][0] - t;
    for (let l = 2; l >= 0; l--) {
      D[l].fill(0);
      for (let j = 0; j < widths[l + 1]; j++) {
        db[l][j] += D[l + 1][j];
        for (let i = 0; i < widths[l]; i++) {
          dW[l][j][i] += D[l + 1][j] * A[l][i];
          D[l][i] += D[l + 1][j] * W[l][j][i];
        }
      }
      if (l > 0) for (let i = 0; i < widths[l]; i++) D[l][i] *= 1 - A[l][i] * A[l][i];
    }
  };
  const began = performance.now();
  let epochs = 0;
  while (performance.now() - began < 1000 * seconds) {
    for (let n = 0; n < 500; n++) sample(X[n], T[n]);
    for (let l = 0; l < 3; l++) for (let j = 0; j < widths[l + 1]; j++) {
      b[l][j] -= 0.1 * db[l][j] / 500; db[l][j] = 0;
      for (let i = 0; i < widths[l]; i++) { W[l][j][i] -= 0.1 * dW[l][j][i] / 500; dW[l][j][i] = 0; }
    }
    epochs++;
  }
  return epochs / (performance.now() - began) * 1000;
}"""

WATCH = """seconds => new Promise(done => {
  const numbers = document.querySelector('#numbers'), epoch = () => +numbers.textContent.split(' ')[1];
  let frames = 0; const first = epoch(), began = performance.now();
  const watcher = new MutationObserver(() => frames++);
  watcher.observe(numbers, { childList: true });
  setTimeout(() => {
    watcher.disconnect();
    const took = (performance.now() - began) / 1000;
    done([frames / took, (epoch() - first) / took]);
  }, 1000 * seconds);
})"""

LATENCY = """() => new Promise(done => {
  const button = document.querySelector('#play'), began = performance.now(), before = button.textContent;
  const look = () => button.textContent !== before ? done(performance.now() - began) : requestAnimationFrame(look);
  button.click(); look();
})"""


def say(line: str) -> None:
    """Print a figure at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure, and print a line a figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0, help="how long memory is watched")
    minutes = parser.parse_args().minutes
    command = [sys.executable, "-m", "chainrule", "play", "--no-browser"]
    began = time.perf_counter()
    with (
        subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server,  # noqa: S603  # our own command
        sync_playwright() as playwright,
    ):
        try:
            address = server.stdout.readline().strip() if server.stdout else ""
            say(f"address printed after {time.perf_counter() - began:.2f} s")
            chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            measure(chromium.new_page(viewport={"width": 1280, "height": 900}), address, server.pid, minutes)
            chromium.close()
        finally:
            server.terminate()


def measure(page: Page, address: str, pid: int, minutes: float) -> None:
    """Measure one page."""
    for which in ("first", "second"):
        began = time.perf_counter()
        page.goto(address)
        page.wait_for_selector("body[data-ready]")
        say(f"page interactive, {which} time: {time.perf_counter() - began:.2f} s")
    loops = [page.evaluate(PER_SAMPLE, 2) for _ in range(3)]
    say(f"JavaScript, sample by sample: {statistics.median(loops):.0f} epochs/s")
    page.goto(page.evaluate("state => location.href + '#' + btoa(JSON.stringify(state))", STATE))
    page.reload()
    page.wait_for_selector("body[data-ready]")
    size = page.locator("#controls label", has_text="Pixels").locator("input")
    page.click("summary:has-text('View')")
    size.fill("200")
    size.dispatch_event("change")
    page.click("#play")
    page.wait_for_timeout(2000)
    frames, epochs = page.evaluate(WATCH, 5)
    say(f"frames a second: {frames:.1f}")
    say(f"epochs a second: {epochs:.0f}, {epochs / statistics.median(loops):.1f} x JavaScript's")
    waits = [page.evaluate(LATENCY) for _ in range(10)]
    say(f"a control answers: median {statistics.median(waits):.0f} ms, longest {max(waits):.0f} ms")
    watch_memory(page, pid, minutes)


def watch_memory(page: Page, pid: int, minutes: float) -> None:
    """Print the server's and the page's memory at the start, after a tenth, half, and all of the time.

    A run that ended begins again.
    """
    process, began = psutil.Process(pid), time.monotonic()
    for share in (0.0, 0.1, 0.5, 1.0):
        while time.monotonic() < began + 60 * minutes * share:
            page.wait_for_timeout(1000)
            if "All" in page.inner_text("#message"):
                page.click("#restart")
                page.click("#play")
        heap = page.evaluate("performance.memory.usedJSHeapSize") / 1e6
        rss = process.memory_info().rss / 1e6
        epoch = page.inner_text("#numbers").split(" ·")[0]
        say(f"after {share * minutes:.1f} min: server {rss:.0f} MB, page {heap:.1f} MB ({epoch})")


if __name__ == "__main__":
    main()
