"""The live page and the overlay in a headless Chromium, asked over its DevTools protocol: how fast they draw, what that
costs, how they look."""

import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import threading
import time

from wire import WebSocket, http


def family(process):
    """A process and all that came from it."""
    parents = {}
    for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try: parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError: continue
    found = [process]
    for one in found: found += [child for child, parent in parents.items() if parent == one]
    return found


class Browser:
    """Chromium with one page."""

    def __init__(self, width, height):
        self.folder = tempfile.mkdtemp(prefix="timbre-chromium-")
        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
             f"--user-data-dir={self.folder}", f"--window-size={width},{height}", "about:blank"],
            stderr=subprocess.PIPE, text=True)
        port = None
        for line in self.process.stderr:
            found = re.search(r"DevTools listening on ws://127\.0\.0\.1:(\d+)/", line)
            if found:
                port = int(found[1])
                break
        if port is None: raise RuntimeError("chromium does not listen")
        threading.Thread(target=self.process.stderr.read, daemon=True).start()
        page = next(entry for entry in json.loads(http(port, "/json/list")) if entry["type"] == "page")
        self.socket = WebSocket(port, "/devtools/page/" + page["id"])
        self.number = 0
        self.size(width, height)

    def call(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self.socket.receive())
            if answer.get("id") == self.number:
                if "error" in answer: raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def size(self, width, height, scale=1):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=width < 500)

    def visit(self, address):
        self.call("Page.navigate", url=address)
        time.sleep(1.5)

    def value(self, expression):
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)["result"].get("value")

    def cost(self):
        """Seconds of processor time that the page's main thread took so far."""
        self.call("Performance.enable", timeDomain="threadTicks")
        metrics = {one["name"]: one["value"] for one in self.call("Performance.getMetrics")["metrics"]}
        return metrics["TaskDuration"]

    def inherit_priority(self):
        """Chromium puts its threads back to nice 0; this gives them the value of this process, if the system allows it."""
        wanted = os.getpriority(os.PRIO_PROCESS, 0)
        for process in family(self.process.pid):
            try:
                for task in pathlib.Path(f"/proc/{process}/task").iterdir():
                    os.setpriority(os.PRIO_PROCESS, int(task.name), wanted)
            except OSError:
                continue

    def save(self, file):
        pathlib.Path(file).write_bytes(base64.b64decode(self.call("Page.captureScreenshot")["data"]))

    def end(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


# Pictures in three seconds or a little more, these seconds, and the longest time between two in ms.
MEASURE = """new Promise((done) => {
  let count = 0, longest = 0, begin = null, last = null;
  const next = (now) => {
    if (begin === null) begin = now; else { count += 1; longest = Math.max(longest, now - last); }
    last = now;
    if (now - begin < 3000) requestAnimationFrame(next); else done([count, (now - begin) / 1000, longest]);
  };
  requestAnimationFrame(next);
})"""


def pictures(start, folder=None):
    """Prints how many pictures a second the page draws; leaves some of them in `folder`."""
    looks = [("live-dark", 1280, 800, "/?theme=dark"), ("live-light", 1280, 800, "/?theme=light"),
             ("phone-dark", 390, 844, "/?theme=dark"), ("phone-light", 390, 844, "/?theme=light"),
             ("hall", 1280, 800, "/?theme=dark&view=hall&stream=STREAM"), ("overlay", 1280, 720, "/overlay?stream=STREAM")]
    for streams in (["main"], [f"desk.{number}" for number in range(1, 17)]):
        bench = start(streams)
        browser = Browser(1280, 800)
        try:
            talking = threading.Thread(target=bench.speaker.levels, args=(36 if folder else 8, 30), daemon=True)
            talking.start()
            browser.visit(f"http://127.0.0.1:{bench.port}/")
            browser.inherit_priority()
            before = browser.cost()
            count, seconds, longest = browser.value(MEASURE)
            print(f"page, {len(streams)} stream(s) at 30 level frames a second: {count / seconds:.1f} pictures a second, "
                  f"at most {longest:.0f} ms between two, {(browser.cost() - before) / count * 1000:.1f} ms of its main thread each",
                  flush=True)
            for name, width, height, address in looks if folder else []:
                browser.size(width, height)
                browser.visit(f"http://127.0.0.1:{bench.port}{address}".replace("STREAM", streams[0]))
                time.sleep(1.5)
                browser.save(f"{folder}/{name}-{len(streams)}.png")
            talking.join()
        finally:
            browser.end()
            bench.end()
