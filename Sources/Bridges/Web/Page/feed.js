// The daemon's lines over a WebSocket, and the state they lead to: shared by the live page and the overlay.

const order = ["voice", "woodwind", "brass", "strings", "plucked", "keyboard", "percussion", "electronic"];
export const familyRank = (family) => { const rank = order.indexOf(family); return rank < 0 ? order.length : rank; };
export const familyOf = (family) => (order.includes(family) ? family : "other");
export const title = (name) => name.replaceAll("_", " ").replace(/^./, (letter) => letter.toUpperCase());

/** Level frames that are kept for each stream: a minute at the rate the page asks for. */
const kept = 2048;

/** One stream of the daemon. */
class Stream {
  constructor(name, instruments) {
    this.name = name;
    this.active = new Map();
    this.levels = new Map();
    this.spans = [];
    this.health = "waiting";
    this.message = "";
    this.time = 0;
    this.peak = null;
    this.tags = [];
    this.gaps = 0;
    this.frames = 0;
    this.times = new Float64Array(kept);
    this.history = new Float32Array(kept * Math.max(1, instruments.length));
    this.instruments = instruments;
    this.offset = null;
  }

  /** The stream's time at this moment, in seconds, a little late so that there are levels on both sides of it. */
  now() {
    return this.offset === null ? this.time : performance.now() / 1000 + this.offset - 0.15;
  }

  keep(time, levels) {
    const offset = time - performance.now() / 1000;
    if (this.offset === null || Math.abs(offset - this.offset) > 0.5) this.offset = offset;
    else this.offset += 0.05 * (offset - this.offset);
    const slot = this.frames % kept;
    this.times[slot] = time;
    this.instruments.forEach((entry, index) => {
      const level = levels[entry.name] ?? 0;
      this.history[slot * this.instruments.length + index] = level;
      this.levels.set(entry.name, level);
    });
    this.frames += 1;
  }

  /** The level of an instrument at a time, between the two frames around it; 0 where there is none. */
  level(index, time, hint) {
    let frame = hint.frame ?? this.frames - 1;
    const oldest = Math.max(0, this.frames - kept);
    frame = Math.min(Math.max(frame, oldest), this.frames - 1);
    while (frame > oldest && this.times[frame % kept] > time) frame -= 1;
    while (frame < this.frames - 1 && this.times[(frame + 1) % kept] <= time) frame += 1;
    hint.frame = frame;
    if (frame < 0) return 0;
    const width = this.instruments.length;
    const from = this.times[frame % kept];
    const value = this.history[(frame % kept) * width + index];
    if (from > time || frame === this.frames - 1) return time - from > 0.5 || from > time ? 0 : value;
    const to = this.times[(frame + 1) % kept];
    if (to - from > 0.5) return time - from > 0.25 ? 0 : value;
    const next = this.history[((frame + 1) % kept) * width + index];
    return value + (next - value) * ((time - from) / Math.max(1e-6, to - from));
  }

  begin(instrument, since, confidence, family) {
    if (this.active.has(instrument)) return;
    this.active.set(instrument, { since, confidence, family });
    this.spans.push({ instrument, from: since, to: Infinity });
    if (this.spans.length > 4000) this.spans.splice(0, 1000);
  }

  end(instrument, time) {
    this.active.delete(instrument);
    for (const span of this.spans) if (span.instrument === instrument && span.to === Infinity) span.to = time;
  }

  silence(time) {
    for (const instrument of [...this.active.keys()]) this.end(instrument, time);
    for (const name of this.levels.keys()) this.levels.set(name, 0);
    this.peak = null;
    this.tags = [];
  }
}

/** Follows the bridge; calls `changed(kind, stream)` after each event. */
export class Feed {
  constructor(rate, changed) {
    this.rate = rate;
    this.changed = changed;
    this.streams = new Map();
    this.instruments = [];
    this.families = {};
    this.hello = null;
    this.link = "connecting";
    this.reason = "";
    this.pause = 500;
    this.delays = [];
    this.heard = 0;
    this.expectsLevels = false;
    this.connect();
    // A bridge that hangs, or whose machine lost its power, closes nothing.
    setInterval(() => this.check(), 3000);
  }

  get isLive() { return this.link === "open" && this.reason === ""; }

  connect() {
    const token = new URLSearchParams(location.search).get("token");
    const query = token ? `?token=${encodeURIComponent(token)}` : "";
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/ws${query}`);
    this.socket = socket;
    this.expectsLevels = false;
    socket.onopen = () => {
      this.link = "open";
      this.pause = 500;
      socket.send(JSON.stringify({ command: "subscribe", activity_rate: this.rate }));
      this.changed("link");
    };
    socket.onmessage = (message) => {
      this.heard = performance.now();
      const event = JSON.parse(message.data);
      if (event.type === "activity") this.expectsLevels = true;
      this.take(event);
    };
    socket.onclose = () => {
      this.link = "closed";
      this.quiet();
      this.changed("link");
      setTimeout(() => this.connect(), this.pause * (0.75 + Math.random() / 2));
      this.pause = Math.min(10000, this.pause * 2);
    };
  }

  /** Closes a connection on which nothing has come for 15 s although levels came and a stream is running. */
  check() {
    const isRunning = [...this.streams.values()].some((stream) => stream.health === "running");
    if (this.isLive && this.expectsLevels && isRunning && performance.now() - this.heard > 15000) this.socket.close();
  }

  quiet() {
    for (const stream of this.streams.values()) stream.silence(stream.time);
  }

  stream(name) {
    if (!this.streams.has(name)) this.streams.set(name, new Stream(name, this.instruments));
    return this.streams.get(name);
  }

  take(event) {
    const stream = event.stream !== undefined && event.type !== "hello" ? this.stream(event.stream) : null;
    if (stream && event.t !== undefined) stream.time = Math.max(stream.time, event.t);
    switch (event.type) {
      case "hello": this.begin(event); break;
      case "snapshot": this.replace(event); break;
      case "closing": this.reason = event.reason || "the daemon disconnected"; this.quiet(); break;
      case "on": stream.begin(event.instrument, event.t, event.confidence, event.family); break;
      case "off": stream.end(event.instrument, event.t); break;
      case "activity":
        stream.keep(event.t, event.levels);
        stream.peak = event.peak_dbfs;
        this.measure(event.wall);
        break;
      case "tags": stream.tags = event.tags.filter((tag) => tag.attention).sort((a, b) => b.probability - a.probability); break;
      case "health":
        stream.health = event.state;
        stream.message = event.message;
        if (event.state !== "running") stream.silence(event.t);
        break;
      case "discontinuity": stream.gaps += 1; stream.message = `gap: ${event.reason}`; break;
      case "mark": stream.message = `mark: ${event.text}`; break;
      case "recording": stream.message = `recording ${event.state}`; break;
      default: return;
    }
    this.changed(event.type, stream, event);
  }

  begin(hello) {
    this.hello = hello;
    this.reason = "";
    this.families = hello.families;
    this.instruments = hello.classes
      .map((name) => ({ name, family: hello.families[name] }))
      .sort((a, b) => familyRank(a.family) - familyRank(b.family) || a.name.localeCompare(b.name));
    this.streams = new Map(hello.streams.map((name) => [name, new Stream(name, this.instruments)]));
  }

  replace(snapshot) {
    for (const [name, state] of Object.entries(snapshot.health)) this.stream(name).health = state;
    const on = new Set(snapshot.active.map((entry) => `${entry.stream}\n${entry.instrument}`));
    for (const stream of this.streams.values()) {
      for (const name of [...stream.active.keys()]) if (!on.has(`${stream.name}\n${name}`)) stream.end(name, stream.time);
    }
    for (const entry of snapshot.active) {
      const stream = this.stream(entry.stream);
      stream.time = Math.max(stream.time, entry.since);
      stream.begin(entry.instrument, entry.since, entry.confidence, entry.family);
    }
  }

  /** From the moment of the sound to this page, where both clocks are the same machine's. */
  measure(wall) {
    const delay = wall ? Date.now() - Date.parse(wall) : NaN;
    if (!(delay >= 0 && delay < 5000)) return;
    this.delays.push(delay);
    if (this.delays.length > 90) this.delays.shift();
  }

  /** Milliseconds, the median of the last frames; null while unknown. */
  get delay() {
    if (this.delays.length < 5) return null;
    return [...this.delays].sort((a, b) => a - b)[this.delays.length >> 1];
  }
}
