// The overlay: a chip for each instrument that sounds.
// Options stand in the address: stream=NAME, position=bottom-left (also top, bottom, -right), size=48, theme=light, hold=SECONDS,
// ground=00b140 (a colour to be keyed out, for programs that capture a window instead of showing a page).

import { Feed, familyOf, title } from "./feed.js";

const options = new URLSearchParams(location.search);
const list = document.getElementById("chips");
const chips = new Map();
const hold = Math.min(10, Math.max(0, Number(options.get("hold") ?? 0.6))) * 1000;
const size = Number(options.get("size"));
document.body.dataset.position = options.get("position") ?? "bottom-left";
// An overlay lies over a picture, whatever the desktop's theme is.
document.documentElement.dataset.theme = options.get("theme") === "light" ? "light" : "dark";
const ground = options.get("ground") ?? "";
if (/^[0-9a-f]{6}$/i.test(ground)) {
  document.body.dataset.ground = "";
  document.body.style.setProperty("--ground-colour", `#${ground}`);
}
if (size > 0) list.style.setProperty("--size", `${size}px`);

const feed = new Feed(30, (kind) => {
  if (kind === "activity") levels();
  else update();
});

function streams() {
  const wanted = options.get("stream");
  return [...feed.streams.values()].filter((stream) => !wanted || stream.name === wanted);
}

function update() {
  const several = streams().length > 1;
  const wanted = new Map();
  for (const stream of streams()) {
    for (const [name, active] of stream.active) wanted.set(`${stream.name}\n${name}`, { stream, name, family: active.family });
  }
  for (const [key, { stream, name, family }] of wanted) {
    const old = chips.get(key);
    if (old) { clearTimeout(old.timer); old.timer = undefined; old.item.classList.remove("gone"); continue; }
    const item = document.createElement("li");
    item.dataset.family = familyOf(family);
    item.append(title(name));
    if (several) { const place = document.createElement("small"); place.textContent = stream.name; item.append(place); }
    const bar = document.createElement("i");
    item.append(bar);
    list.append(item);
    chips.set(key, { item, bar, stream, name });
  }
  for (const [key, chip] of chips) {
    if (wanted.has(key) || chip.timer) continue;
    chip.timer = setTimeout(() => {
      chip.item.classList.add("gone");
      chip.timer = setTimeout(() => { chip.item.remove(); chips.delete(key); }, 400);
    }, hold);
  }
}

function levels() {
  for (const { bar, stream, name } of chips.values()) {
    bar.style.transform = `scaleX(${(feed.streams.get(stream.name)?.levels.get(name) ?? 0).toFixed(3)})`;
  }
}
