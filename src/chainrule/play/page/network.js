// The network: units as pictures, edges by weight or gradient, parameters to read and to edit, lights for a symbol.
import { $, element, labelled, number } from "./dom.js";
import { SIDE, unitPictures } from "./field.js";

const SVG = "http://www.w3.org/2000/svg", MOST = 10, SIZE = 32;
const strip = document.createElement("canvas");
const narrow = matchMedia("(max-width: 980px)");
let wide = 640, places = [], edges = [], about = null, held = null, frame = null, ask = null, change = null;

const svg = (tag, attributes) => { const made = document.createElementNS(SVG, tag); for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value); return made; };

export function buildNetwork(nowAbout, asking, changing) {
  about = nowAbout; ask = asking; change = changing; held = null; $("unit").replaceChildren();
  const root = $("svg"), columns = about.widths.length, crowded = narrow.matches && columns > 4;
  wide = narrow.matches ? 390 : 640;  // what is drawn narrow is read narrow
  root.setAttribute("viewBox", `0 0 ${wide} 400`); $("units").width = wide;
  root.replaceChildren(); edges = []; strip.height = 0;
  places = about.widths.map((width, layer) => Array.from({ length: Math.min(width, MOST) }, (_, unit) => [
    32 + (wide - 64) * layer / (columns - 1), 40 + 330 * (unit + 0.5) / Math.min(width, MOST)]));
  for (let layer = 1; layer < columns; layer++) for (let to = 0; to < places[layer].length; to++) for (let from = 0; from < places[layer - 1].length; from++) {
    const [x1, y1] = places[layer - 1][from], [x2, y2] = places[layer][to];
    const line = svg("line", { x1: x1 + SIZE / 2, y1, x2: x2 - SIZE / 2, y2, class: "edge" });
    edges.push({ line, layer, index: offset(`W${layer}`) + from * about.widths[layer] + to }); root.append(line);
  }
  places.forEach((column, layer) => column.forEach((_, unit) => root.append(node(layer, unit))));
  about.widths.forEach((width, layer) => {
    const text = svg("text", { x: places[layer][0][0], y: crowded && layer % 2 ? 28 : 14, "text-anchor": layer === 0 ? "start" : layer === columns - 1 ? "end" : "middle" });
    if (layer === 0 || layer === columns - 1) text.setAttribute("x", layer ? wide - 2 : 2);
    text.textContent = layer === 0 ? "inputs" : `${about.activations[layer - 1]}${width > MOST ? `, ${MOST} of ${width}` : ""}`;
    root.append(text);
  });
}

export function offset(name) {
  let start = 0;
  for (const [block, shape] of Object.entries(about.shapes)) { if (block === name) return start; start += shape.reduce((a, b) => a * b, 1); }
  return -1;
}

function node(layer, unit) {
  const [x, y] = places[layer][unit], frozen = about.state.frozen.some(([l, u]) => l === layer && u === unit);
  const made = svg("rect", { x: x - SIZE / 2, y: y - SIZE / 2, width: SIZE, height: SIZE, rx: 5, class: `node${frozen ? " frozen" : ""}`, "data-layer": layer, "data-unit": unit });
  if (layer === 0) { const title = svg("title", {}); title.textContent = about.features[unit]; made.append(title); return made; }
  made.setAttribute("tabindex", 0); made.setAttribute("role", "button"); made.setAttribute("aria-label", `unit ${unit + 1} of layer ${layer}: its parameters`);
  const open = () => showUnit(layer, unit, frozen);
  made.addEventListener("click", open);
  made.addEventListener("keydown", (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(); } });
  return made;
}

function showUnit(layer, unit, frozen) {
  held = [layer, unit];
  const width = about.widths[layer], bias = offset(`b${layer}`);
  const names = Array.from({ length: Math.min(about.widths[layer - 1], 30) }, (_, from) => [`W${layer}[${from}, ${unit}]`, offset(`W${layer}`) + from * width + unit]);
  if (bias >= 0) names.push([`b${layer}[${unit}]`, bias + unit]);
  const inputs = names.map(([name, index]) => {
    const made = labelled(name, element("input", { type: "number", step: "any", value: number(frame.theta[index]), onchange: (event) => ask("edit", { index, value: +event.target.value }) }));
    made.dataset.name = name.split("[")[0];
    return made;
  });
  const freeze = element("button", { onclick: () => change((state) => { state.frozen = frozen ? state.frozen.filter(([l, u]) => l !== layer || u !== unit) : [...state.frozen, [layer, unit]]; }, { from_here: true }) }, frozen ? "Let it learn" : "Freeze it");
  $("unit").replaceChildren(element("h2", {}, `Unit ${unit + 1} of layer ${layer}`), freeze, element("div", { className: "buttons" }, ...inputs));
  document.querySelectorAll(".node.held").forEach((one) => one.classList.remove("held"));
  document.querySelector(`.node[data-layer="${layer}"][data-unit="${unit}"]`).classList.add("held");
}

export function drawNetwork(nowFrame) {
  frame = nowFrame;
  const numbers = $("edges").value === "gradient" && frame.gradient ? frame.gradient : frame.theta;
  let reach = 1e-12;
  for (const { index } of edges) reach = Math.max(reach, Math.abs(numbers[index]));
  for (const edge of edges) {
    const share = Math.round(40 * Math.abs(numbers[edge.index]) / reach) / 40, minus = numbers[edge.index] < 0;
    if (edge.share === share && edge.minus === minus) continue;  // what looks the same is not painted again
    const { line } = Object.assign(edge, { share, minus });
    line.classList.toggle("minus", minus); line.style.strokeWidth = 0.4 + 5.6 * share; line.style.opacity = 0.25 + 0.75 * share;
  }
  drawUnits();
}

function drawUnits() {
  const context = $("units").getContext("2d"), hidden = about.widths.slice(1, -1), made = unitPictures(frame.units, hidden.reduce((a, b) => a + b, 0), about.widths[0] === 1 ? 1 : SIDE);
  if (strip.height !== made.height) { strip.width = SIDE; strip.height = made.height; context.clearRect(0, 0, wide, 400); }
  strip.getContext("2d").putImageData(made, 0, 0);
  context.imageSmoothingEnabled = false;
  let first = 0;
  hidden.forEach((width, k) => {
    places[k + 1].forEach(([x, y], unit) => context.drawImage(strip, 0, (first + unit) * SIDE, SIDE, SIDE, x - SIZE / 2, y - SIZE / 2, SIZE, SIZE));
    first += width;
  });
}

export function light(symbol) {
  document.querySelectorAll(".lit").forEach((one) => one.classList.remove("lit"));
  if (!symbol) return;
  document.querySelectorAll("[data-name]").forEach((one) => one.classList.toggle("lit", one.dataset.name === symbol));
  const [, letter, digits] = symbol.match(/^d?([A-Za-z]+?)(\d*)$/) || [], last = about.widths.length - 1;
  const layer = letter === "X" ? 0 : digits ? +digits : last;
  if (letter === "W") edges.filter((edge) => edge.layer === layer).forEach(({ line }) => line.classList.add("lit"));
  else document.querySelectorAll(`.node[data-layer="${layer}"]`).forEach((one) => one.classList.add("lit"));
}

export function mark(layer, units) {
  light(null);
  units.forEach((unit) => document.querySelector(`.node[data-layer="${layer}"][data-unit="${unit}"]`)?.classList.add("lit"));
}
