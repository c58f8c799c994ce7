// The scrolling levels of one stream, drawn column by column.

import { familyOf } from "./feed.js";

/** The families in order, each with the places of its instruments: one band each where there is little room. */
function families(instruments) {
  const bands = new Map();
  instruments.forEach((entry, index) => bands.set(entry.family, [...(bands.get(entry.family) ?? []), index]));
  return [...bands];
}

/**
 * A canvas on which the last seconds move from right to left by whole pixels. Only what is new is drawn, into a strip that is used
 * round and round; each picture is two copies of it, and is made only when a pixel's worth of time has passed. So its cost depends
 * neither on how much is shown nor on how often the screen asks.
 */
export class History {
  constructor(canvas, seconds, phase = 0) {
    this.canvas = canvas;
    this.seconds = seconds;
    this.phase = phase;
    this.strip = document.createElement("canvas");
    this.colours = {};
    this.stream = null;
    this.compact = false;
    this.column = null;
  }

  /** What is shown; everything is drawn anew. */
  show(stream) {
    this.stream = stream;
    this.column = null;
  }

  /** Reads sizes and colours; everything is drawn anew. */
  measure() {
    const scale = Math.min(2, window.devicePixelRatio || 1);
    const box = this.canvas.getBoundingClientRect();
    const width = Math.max(1, Math.round(box.width * scale));
    const height = Math.max(1, Math.round(box.height * scale));
    this.scale = scale;
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
      this.strip.width = width + 8;
      this.strip.height = height;
    }
    const style = getComputedStyle(this.canvas);
    for (const name of ["voice", "woodwind", "brass", "strings", "plucked", "keyboard", "percussion", "electronic", "other", "line", "dim", "text"]) {
      this.colours[name] = style.getPropertyValue(`--${name}`).trim();
    }
    this.column = null;
  }

  draw() {
    const { canvas, strip, stream } = this;
    const context = canvas.getContext("2d");
    if (!stream || !stream.instruments.length || !strip.width) {
      context.clearRect(0, 0, canvas.width, canvas.height);
      return;
    }
    const rate = canvas.width / this.seconds;
    // Canvases side by side are due at different moments, so that no frame has to draw them all.
    const last = Math.floor(stream.now() * rate + this.phase);
    if (last === this.column) return;
    context.clearRect(0, 0, canvas.width, canvas.height);
    const first = last - canvas.width;
    // After a jump of the clock, or at first, all that is shown is drawn.
    if (this.column === null || last < this.column || last - this.column > canvas.width) this.column = first - 1;
    this.fill(this.column + 1, last, rate);
    this.column = last;
    this.grid(context, rate);
    const begin = (((first + 1) % strip.width) + strip.width) % strip.width;
    const head = Math.min(canvas.width, strip.width - begin);
    context.drawImage(strip, begin, 0, head, strip.height, 0, 0, head, strip.height);
    if (head < canvas.width) {
      context.drawImage(strip, 0, 0, canvas.width - head, strip.height, head, 0, canvas.width - head, strip.height);
    }
  }

  grid(context, rate) {
    const { canvas } = this;
    context.fillStyle = this.colours.line;
    for (let ago = 5; ago < this.seconds; ago += 5) {
      context.fillRect(Math.round(canvas.width - ago * rate), 0, this.scale, canvas.height);
    }
  }

  fill(from, to, rate) {
    const { strip, stream } = this;
    const context = strip.getContext("2d");
    const bands = this.compact ? families(stream.instruments) : stream.instruments.map((entry, index) => [entry.family, [index]]);
    const row = strip.height / bands.length;
    const begin = from / rate;
    const spans = new Map();
    for (const span of stream.spans) {
      if (span.to < begin) continue;
      if (!spans.has(span.instrument)) spans.set(span.instrument, []);
      spans.get(span.instrument).push(span);
    }
    const place = (column) => ((column % strip.width) + strip.width) % strip.width;
    for (let column = from; column <= to; column += 1) context.clearRect(place(column), 0, 1, strip.height);
    const tallest = 0.86;
    bands.forEach(([family, members], index) => {
      const lit = members.flatMap((member) => spans.get(stream.instruments[member].name) ?? []);
      const middle = (index + 0.5) * row;
      const hint = {};
      context.fillStyle = this.colours[familyOf(family)];
      for (let column = from; column <= to; column += 1) {
        const time = column / rate;
        let level = 0;
        for (const member of members) level = Math.max(level, stream.level(member, time, hint));
        const isLit = lit.some((span) => span.from <= time && time < span.to);
        const x = place(column);
        if (isLit) {
          context.globalAlpha = 0.16;
          context.fillRect(x, index * row, 1, row);
        }
        if (level < 0.03) continue;
        const height = Math.max(this.scale, level * row * tallest);
        context.globalAlpha = isLit ? 1 : 0.38;
        context.fillRect(x, middle - height / 2, 1, height);
      }
    });
    context.globalAlpha = 1;
  }
}
