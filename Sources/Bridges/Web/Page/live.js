// The live page: what sounds now, and how it came to be.

import { Feed, familyOf, title } from "./feed.js";
import { History } from "./history.js";

const element = (id) => document.getElementById(id);
const options = new URLSearchParams(location.search);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const seconds = () => (innerWidth < 720 ? 15 : 30);

let shown = options.get("stream");
let spokenAt = 0;
let spoken = "";
const history = new History(element("canvas"), seconds());
const words = new Map();
const rows = new Map();
const cards = new Map();

const feed = new Feed(30, (kind, stream) => {
  if (kind === "hello") build();
  if (kind === "hello" || kind === "snapshot" || kind === "link" || kind === "closing") refresh();
  else if (kind === "on" || kind === "off" || kind === "health") refreshStream(stream);
  else if (kind === "tags" && stream.name === shown) tell();
});

function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") made.textContent = value;
    else made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

function pill(state, text) {
  const made = make("span", { class: "pill", "data-state": state }, make("i", { "aria-hidden": "true" }), make("span", { text }));
  return made;
}

/** Everything that depends on which streams and instruments there are. */
function build() {
  const names = [...feed.streams.keys()];
  const isHall = document.body.classList.contains("hall");
  if (!feed.streams.has(shown) && (shown !== "*" || isHall)) shown = names.length > 1 && !isHall ? "*" : names[0];
  const choices = names.length > 1 ? ["*", ...names] : [];
  element("streams").toggleAttribute("data-many", choices.length > 6);
  element("streams").replaceChildren(...choices.map((name) => {
    const button = make("button", { type: "button", role: "radio", "data-stream": name, text: name === "*" ? "All" : name });
    button.onclick = () => choose(name);
    return button;
  }));
  let family = null;
  rows.clear();
  element("rows").replaceChildren(...feed.instruments.map((entry) => {
    const value = make("span", { class: "value" });
    const row = make("li", { "data-family": familyOf(entry.family) }, make("span", { class: "name", text: title(entry.name) }), value);
    if (family !== null && entry.family !== family) row.dataset.first = "";
    family = entry.family;
    rows.set(entry.name, { row, value });
    return row;
  }));
  cards.clear();
  element("all").replaceChildren(...names.map((name, index) => {
    const canvas = make("canvas", { "aria-hidden": "true" });
    const card = {
      canvas, history: new History(canvas, seconds(), index / names.length), what: make("span", { class: "what" }), pill: pill("waiting", ""),
    };
    card.history.compact = true;
    card.element = make("button", { type: "button", class: "card" },
      make("span", { class: "who" }, make("span", { text: name }), card.pill), card.what, canvas);
    card.element.onclick = () => choose(name);
    cards.set(name, card);
    return card.element;
  }));
  choose(shown);
}

function choose(name) {
  shown = name;
  document.body.classList.toggle("all", name === "*");
  element("all").hidden = name !== "*";
  for (const button of element("streams").children) {
    const isChosen = button.dataset.stream === name;
    button.setAttribute("aria-checked", isChosen);
    button.tabIndex = isChosen ? 0 : -1;
  }
  for (const entry of words.values()) entry.item.remove();
  words.clear();
  history.show(feed.streams.get(name) ?? null);
  for (const [stream, card] of cards) card.history.show(feed.streams.get(stream));
  resize();
  refresh();
}

function resize() {
  history.seconds = seconds();
  if (shown === "*") for (const card of cards.values()) { card.history.seconds = seconds(); card.history.measure(); }
  else history.measure();
  const span = seconds();
  element("axis").replaceChildren(...[...Array(span / 5).keys()].map((step) => {
    const label = make("span", { text: step ? `−${step * 5} s` : "now" });
    label.style.right = `${(step * 500) / span}%`;
    return label;
  }));
  fit();
}

/** The words as large as they fit. */
function fit() {
  const list = element("words");
  const box = element("now").getBoundingClientRect();
  if (!words.size || box.width < 10) return;
  let low = 16;
  let high = Math.min(box.height * (document.body.classList.contains("hall") ? 0.75 : 0.58), innerWidth / 4, 420);
  for (let step = 0; step < 9; step += 1) {
    const size = (low + high) / 2;
    list.style.fontSize = `${size}px`;
    const right = Math.max(...[...words.values()].map(({ item }) => item.offsetLeft + item.offsetWidth));
    if (list.offsetHeight <= box.height && right - list.offsetLeft <= box.width) low = size;
    else high = size;
  }
  list.style.fontSize = `${low}px`;
}

function refresh() {
  document.body.classList.toggle("away", !feed.isLive);
  for (const stream of feed.streams.values()) refreshStream(stream);
  quiet();
  showHealth();
  tell();
}

/** The state of the stream that is shown, or of all together. */
function showHealth() {
  const all = [...feed.streams.values()];
  const running = all.filter((stream) => stream.health === "running").length;
  const stream = feed.streams.get(shown);
  let state = "lost";
  let text = { open: "daemon disconnected", closed: "no connection", connecting: "connecting" }[feed.link];
  if (feed.isLive && stream) { state = stream.health; text = stream.health; }
  else if (feed.isLive && all.length) {
    state = running === all.length ? "running" : "silent";
    text = running === all.length ? `${running} streams running` : `${running} of ${all.length} streams running`;
  }
  element("health").dataset.state = state;
  element("health").lastChild.textContent = text;
}

function quiet() {
  const stream = feed.streams.get(shown);
  let text = "";
  if (feed.link === "connecting") text = "Connecting …";
  else if (feed.link === "closed") text = "No connection to the bridge; retrying …";
  else if (feed.reason) text = "Waiting for the daemon …";
  else if (!feed.instruments.length) text = "Loading the model …";
  else if (stream && stream.health !== "running" && stream.health !== "silent") text = `No audio: ${stream.health}`;
  else if (stream && !stream.active.size) text = "Listening …";
  element("quiet").textContent = text;
  if (text && feed.isLive === false) { for (const { item } of words.values()) item.remove(); words.clear(); }
}

function refreshStream(stream) {
  refreshCard(stream);
  showHealth();
  if (stream.name !== shown) return speak();
  let changed = false;
  for (const [name, entry] of words) {
    if (stream.active.has(name)) continue;
    words.delete(name);
    entry.item.remove();
    changed = true;
  }
  for (const [name, active] of stream.active) {
    if (words.has(name)) continue;
    const bar = make("i");
    const time = make("small", { text: "0:00" });
    const item = make("li", { "data-family": familyOf(active.family) },
      document.createTextNode(title(name)), make("span", { class: "level", "aria-hidden": "true" }, bar), time);
    words.set(name, { item, bar, time });
    element("words").append(item);
    changed = true;
  }
  for (const [name, { row }] of rows) row.classList.toggle("on", stream.active.has(name));
  quiet();
  if (changed) fit();
  tell();
  speak();
}

function refreshCard(stream) {
  const card = cards.get(stream.name);
  if (!card) return;
  card.what.replaceChildren(...(stream.active.size
    ? [...stream.active].map(([name, active]) => make("span", { "data-family": familyOf(active.family), text: title(name) }))
    : [make("em", { text: feed.isLive ? "–" : "waiting" })]));
  card.pill.dataset.state = feed.isLive ? stream.health : "lost";
  card.pill.lastChild.textContent = stream.health === "running" ? "" : stream.health;
}

/** One sentence for those who listen to the page, at most every two seconds. */
function speak() {
  const now = performance.now();
  if (now - spokenAt < 2000) { clearTimeout(speak.later); speak.later = setTimeout(speak, 2000 - (now - spokenAt)); return; }
  const parts = [...feed.streams.values()]
    .filter((stream) => (shown === "*" || stream.name === shown) && stream.active.size)
    .map((stream) => (shown === "*" ? `${stream.name}: ` : "") + [...stream.active.keys()].map(title).join(", "));
  const text = feed.isLive ? parts.join("; ") || "No active instruments" : element("quiet").textContent;
  if (text === spoken) return;
  spoken = text;
  spokenAt = now;
  element("spoken").textContent = text;
}

/** The foot of the page. */
function tell() {
  const stream = feed.streams.get(shown);
  const tags = (stream?.tags ?? []).slice(0, 4);
  element("tags").replaceChildren(...(tags.length ? [document.createTextNode("Last ten seconds: ")] : []),
    ...tags.flatMap((tag, index) => [
      document.createTextNode(index ? ", " : ""), make("b", { "data-family": familyOf(tag.family), text: title(tag.instrument) }),
      document.createTextNode(` ${Math.round(tag.probability * 100)} %`)]));
  const gaps = stream?.gaps ? `${stream.gaps} ${stream.gaps === 1 ? "gap" : "gaps"}` : "";
  element("message").textContent = [feed.reason || stream?.message || "", gaps].filter(Boolean).join(" · ");
  if (feed.hello) element("model").textContent = [feed.hello.source, feed.hello.model?.name, feed.hello.software].filter(Boolean).join(" · ");
}

const clock = (time) => `${Math.floor(time / 60)}:${String(Math.floor(time % 60)).padStart(2, "0")}`;

/** What changes all the time. */
function numbers(stream) {
  for (const [name, { bar, time }] of words) {
    bar.style.transform = `scaleX(${(stream.levels.get(name) ?? 0).toFixed(3)})`;
    const text = clock(Math.max(0, stream.time - (stream.active.get(name)?.since ?? stream.time)));
    if (time.textContent !== text) time.textContent = text;
  }
  const peak = stream.peak;
  element("level").firstChild.style.transform = `scaleX(${peak === null ? 0 : Math.max(0, Math.min(1, 1 + peak / 60)).toFixed(3)})`;
  element("level").toggleAttribute("data-hot", peak !== null && peak > -1);
}

function slowNumbers() {
  const stream = feed.streams.get(shown);
  if (stream) {
    for (const [name, { value }] of rows) {
      const level = stream.levels.get(name) ?? 0;
      value.textContent = level >= 0.005 ? level.toFixed(2) : "";
    }
    element("decibels").textContent = stream.peak === null ? "" : `${Math.max(-99, Math.round(stream.peak))} dB`.replace("-", "−");
  }
  element("delay").textContent = feed.delay === null ? "" : `${Math.round(feed.delay)} ms`;
}

let drawn = 0;
function frame(now) {
  requestAnimationFrame(frame);
  // With reduced motion the page draws once a second.
  if (calm.matches && now - drawn < 1000) return;
  drawn = now;
  window.pictures = (window.pictures ?? 0) + 1;
  if (shown === "*") { for (const card of cards.values()) card.history.draw(); return; }
  const stream = feed.streams.get(shown);
  if (!stream) return;
  history.draw();
  numbers(stream);
}

function theme(name) {
  if (name === "dark" || name === "light") document.documentElement.dataset.theme = name;
  resize();
}

function toggleTheme() {
  const isDark = getComputedStyle(document.documentElement).colorScheme !== "light";
  theme(isDark ? "light" : "dark");
  try { localStorage.setItem("theme", isDark ? "light" : "dark"); } catch { /* a private window keeps nothing */ }
}

function toggleHall() {
  const isOn = document.body.classList.toggle("hall");
  element("hall").setAttribute("aria-pressed", isOn);
  if (isOn && shown === "*") choose([...feed.streams.keys()][0]);
  resize();
}

element("theme").onclick = toggleTheme;
element("hall").onclick = toggleHall;
addEventListener("resize", resize);
matchMedia("(prefers-color-scheme: light)").addEventListener("change", resize);
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const isHall = document.body.classList.contains("hall");
  const choices = [...element("streams").children].map((button) => button.dataset.stream).filter((name) => name !== "*" || !isHall);
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (step && choices.length) {
    choose(choices[(choices.indexOf(shown) + step + choices.length) % choices.length]);
    if (document.activeElement?.parentElement === element("streams")) element("streams").querySelector("[aria-checked=true]").focus();
  } else if (event.key === "t") toggleTheme();
  else if (event.key === "h") toggleHall();
});
let saved = null;
try { saved = localStorage.getItem("theme"); } catch { /* a private window keeps nothing */ }
if (options.get("view") === "hall") toggleHall();
theme(options.get("theme") ?? saved);
refresh();
setInterval(slowNumbers, 250);
requestAnimationFrame(frame);
