// The script of the page: play, seek, follow, zoom. The page is readable without it.

/// The script of the page. It reads the segments from the element `segments` and all other data from the document.
enum ReportScript {
    static let text = #"""
        "use strict";
        (() => {
          const one = (selector) => document.querySelector(selector);
          const data = JSON.parse(one("#segments").textContent);
          const span = data.end - data.start;
          const audio = one("audio"), plot = one(".plot"), scroller = one(".scroller"), cursor = one(".cursor");
          const clock = one(".clock"), sounding = one(".sounding"), ruler = one(".lane.ruler");
          let position = data.start, zoom = 1;

          const pad = (value) => String(value).padStart(2, "0");
          const spelled = (seconds, tenths) => {
            const all = tenths ? Math.round(seconds * 10) : Math.floor(seconds + 1e-6) * 10;
            const whole = Math.floor(all / 10), tail = tenths ? "." + all % 10 : "";
            return whole < 3600 ? `${Math.floor(whole / 60)}:${pad(whole % 60)}${tail}`
              : `${Math.floor(whole / 3600)}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}${tail}`;
          };

          function show(seconds, follow) {
            position = Math.min(Math.max(seconds, data.start), data.end);
            const fraction = (position - data.start) / span;
            cursor.style.left = `${fraction * 100}%`;
            clock.textContent = spelled(position, true);
            const now = data.segments.filter((segment) => segment.from <= position && position < segment.to);
            sounding.replaceChildren(...now.map((segment) => {
              const chip = document.createElement("span");
              chip.className = `chip ${segment.family}`;
              chip.textContent = segment.name;
              return chip;
            }));
            cursor.setAttribute("aria-valuenow", position.toFixed(1));
            cursor.setAttribute("aria-valuetext", `${spelled(position, true)}: ` +
              (now.map((segment) => segment.name).join(", ") || "nothing"));
            if (!follow || zoom === 1) return;
            const x = fraction * plot.clientWidth - scroller.scrollLeft;
            if (x < 0 || x > scroller.clientWidth - 20) scroller.scrollLeft = fraction * plot.clientWidth - 40;
          }

          function seek(seconds) {
            show(seconds, true);
            if (audio) audio.currentTime = position;
          }

          function frame() {
            show(audio.currentTime, true);
            if (!audio.paused && !audio.ended) requestAnimationFrame(frame);
          }

          function magnify(factor) {
            const centre = (position - data.start) / span;
            zoom = Math.min(Math.max(zoom * factor, 1), Math.max(1, span / 5));
            plot.style.width = `${zoom * 100}%`;
            scroller.scrollLeft = centre * plot.clientWidth - scroller.clientWidth / 2;
            /* Read once: after every change of the page it would have to be laid out again. */
            const width = plot.clientWidth;
            const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400];
            const wanted = span * 90 / width;
            const step = steps.find((step) => step >= wanted) || 86400;
            ruler.replaceChildren();
            document.querySelectorAll(".tickline").forEach((line) => line.remove());
            for (let n = Math.ceil(data.start / step - 1e-9); n * step <= data.end; n++) {
              const tick = document.createElement("span"), line = document.createElement("div");
              line.className = "tickline";
              const fraction = (n * step - data.start) / span;
              tick.className = fraction * width > width - 40 ? "tick last" : "tick";
              tick.style.left = line.style.left = `${fraction * 100}%`;
              tick.textContent = spelled(n * step, step < 1);
              ruler.append(tick); plot.prepend(line);
            }
          }

          const at = (event) => {
            const box = plot.getBoundingClientRect();
            return data.start + (event.clientX - box.left) / box.width * span;
          };
          plot.addEventListener("pointerdown", (event) => {
            if (event.button !== 0) return;
            seek(at(event));
            if (event.pointerType === "mouse") plot.setPointerCapture(event.pointerId);
          });
          plot.addEventListener("pointermove", (event) => {
            if (plot.hasPointerCapture(event.pointerId)) seek(at(event));
          });
          document.addEventListener("click", (event) => {
            const button = event.target.closest("[data-time]");
            if (button) seek(Number(button.dataset.time));
          });
          one("#closer").addEventListener("click", () => magnify(2));
          one("#wider").addEventListener("click", () => magnify(0.5));
          document.addEventListener("keydown", (event) => {
            if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("audio")) return;
            if (event.key === " " && event.target.closest("button, summary")) return;
            const step = event.shiftKey ? 1 : 5;
            const act = {
              " ": () => audio && (audio.paused ? audio.play() : audio.pause()),
              ArrowLeft: () => seek(position - step), ArrowRight: () => seek(position + step),
              Home: () => seek(data.start), End: () => seek(data.end),
              "+": () => magnify(2), "-": () => magnify(0.5),
            }[event.key];
            if (!act) return;
            event.preventDefault();
            act();
          });
          if (audio) {
            audio.addEventListener("play", frame);
            for (const kind of ["timeupdate", "seeking"]) audio.addEventListener(kind, () => show(audio.currentTime, true));
            audio.addEventListener("error", () => { one(".problem").hidden = false; });
          }
          magnify(1);
          show(data.start, false);
          document.documentElement.dataset.state = "ready";
        })();
        """#
}
