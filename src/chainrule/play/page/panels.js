// What takes the network apart: steps, gradient check, loss surface, mistakes, one's own code, why it sticks, what leaves.
import { $, choice, css, element, formula, labelled, number, table } from "./dom.js";
import { light, mark, offset } from "./network.js";
import { address } from "./link.js";

const PANELS = { "Step through": stepPanel, "Gradient check": gradientPanel, "Loss surface": surfacePanel, "A mistake": mistakePanel, "Your own code": codePanel, "Why did it stick?": stuckPanel, "Take it with you": outPanel };
let page = null, current = "Step through";

export function buildPanels(given) {
  page = given;
  const names = Object.keys(PANELS);
  $("tabs").replaceChildren(...names.map((name) => element("button", { role: "tab", id: `tab-${names.indexOf(name)}`, "aria-controls": "panel", onclick: () => openPanel(name) }, name)));
  $("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) { openPanel(names[(names.indexOf(current) + step + names.length) % names.length]); $("tabs").children[names.indexOf(current)].focus(); }
  });
}

export function openPanel(name = current) {
  current = name; light(null);
  for (const tab of $("tabs").children) { const on = tab.textContent === name; tab.setAttribute("aria-selected", on); tab.tabIndex = on ? 0 : -1; if (on) $("panel").setAttribute("aria-labelledby", tab.id); }
  const own = element("div");  // an answer that comes late finds its own panel, not the next
  $("panel").replaceChildren(own); PANELS[name](own);
}

const report = (into, promise) => promise.then((found) => into.replaceChildren(...(found.title ? [element("h2", {}, found.title)] : []), element("pre", {}, found.text))).catch(page.refuse);
const blocks = () => Object.keys(page.about.shapes);

let steps = [], at = 0, scope = "sample";
function stepPanel(panel) {
  const view = element("div", {}), sample = element("input", { type: "number", min: 0, max: Math.max(0, page.about.samples.t.length - 1), value: page.about.chosen ?? 0, onchange: () => { page.about.chosen = +sample.value; page.redraw(); load(); } });
  const of = element("select", { onchange: () => { scope = of.value; load(); } }, ...[["sample", "one sample"], ["batch", "the first batch"], ["all", "all samples"]].map(([value, text]) => element("option", { value }, text)));
  of.value = scope;
  const show = () => showStep(view);
  const load = (keep = 0) => { at = keep; page.ask("steps", { scope, sample: +sample.value }).then((found) => { steps = found.steps; at = Math.min(at, steps.length - 1); show(); }).catch(page.refuse); };  // who goes on before the answer comes is not taken back
  const go = (to) => { at = Math.max(0, Math.min(steps.length - 1, to)); show(); };
  const jump = (phase) => element("button", { onclick: () => go(Math.max(0, steps.findIndex((step) => step.phase === phase))) }, phase[0].toUpperCase() + phase.slice(1));
  panel.append(element("div", { className: "buttons" }, labelled("Of", of), labelled("Sample", sample),
    element("button", { id: "previous", onclick: () => go(at - 1) }, "◀ Previous"), element("button", { id: "next", className: "main", onclick: () => go(at + 1) }, "Next ▶"),
    ...["forward", "loss", "backward", "update"].map(jump), element("button", { onclick: () => load(at) }, "At this epoch")), view);
  load();
}

function showStep(view) {
  const step = steps[at];
  if (!step) return;
  view.replaceChildren(element("p", { className: "phase" }, `${step.phase} · ${at + 1} of ${steps.length}`), element("p", { id: "step-text" }, element("strong", {}, step.text)),
    ...(step.formula ? [formula(step.formula)] : []), ...(step.entry ? [element("p", {}, "Its first entry, term by term:"), formula(step.entry)] : []),
    element("div", { className: "scroll" }, ...Object.entries(step.tables).map(([name, { rows, shape }]) => table(name, rows, shape))));
  light(step.symbol);
  document.querySelectorAll(".formula").forEach((line) => line.classList.toggle("now", line.dataset.symbol === step.symbol));
}

function gradientPanel(panel) {
  const block = choice(blocks(), blocks()[0], () => {}), entry = element("input", { type: "number", value: -1, min: -1 }), out = element("div", { "aria-live": "polite" });
  panel.append(element("p", {}, "The gradient that the run follows, against differences of the loss. Entry −1 is the whole block."),
    element("div", { className: "buttons" }, labelled("Block", block), labelled("Entry", entry), element("button", { onclick: () => report(out, page.ask("gradient", { block: block.value, entry: +entry.value })) }, "Check")), out);
}

function surfacePanel(panel) {
  const names = blocks().flatMap((block) => Array.from({ length: Math.min(40, page.about.shapes[block].reduce((a, b) => a * b, 1)) }, (_, k) => [offset(block) + k, `${block}[${k}]`]));
  const pick = (value) => { const made = element("select", {}, ...names.map(([index, text]) => element("option", { value: index }, text))); made.value = value; return made; };
  const first = pick(0), second = pick(1), span = element("input", { type: "number", value: 2, min: 0.01, step: "any" }), seed = element("input", { type: "number", value: 0, min: 0 });
  const over = element("select", {}, ...[["weights", "two parameters"], ["random", "two random directions"], ["path", "the path's main directions"]].map(([value, text]) => element("option", { value }, text)));
  const canvas = element("canvas", { width: 380, height: 380, id: "surface", role: "img" }), words = element("p", { "aria-live": "polite" }), numbers = element("details", {}, element("summary", {}, "As a table"), element("div", { className: "scroll" }));
  const draw = () => page.ask("surface", { over: over.value, first: +first.value, second: +second.value, span: +span.value, seed: +seed.value }).then((found) => drawSurface(found, canvas, words, numbers.lastElementChild)).catch(page.refuse);
  panel.append(element("div", { className: "buttons" }, labelled("Over", over), labelled("Across", first), labelled("Up", second), labelled("Span ±", span), labelled("Seed", seed), element("button", { onclick: draw }, "Draw")), canvas, words, numbers);
}

function drawSurface(found, canvas, words, numbers) {
  const context = canvas.getContext("2d"), n = found.losses.length, side = canvas.width / n, values = found.losses.flat().filter((value) => value !== null);
  const low = Math.min(...values), high = Math.max(...values), scaled = (value) => Math.log1p(30 * (value - low) / (high - low || 1)) / Math.log(31);
  found.losses.forEach((row, i) => row.forEach((value, j) => {
    const share = value === null ? 1 : Math.round(12 * scaled(value)) / 12;
    context.fillStyle = `rgb(${[0, 1, 2].map((k) => Math.round([16, 52, 96][k] + ([253, 231, 120][k] - [16, 52, 96][k]) * share))})`;
    context.fillRect(j * side, i * side, side + 1, side + 1);
  }));
  const to = ([a, b]) => [canvas.width * (0.5 + a / (2 * found.reach[0])), canvas.height * (0.5 - b / (2 * found.reach[1]))];
  context.beginPath(); context.strokeStyle = "#fff"; context.lineWidth = 2; found.path.forEach((point) => context.lineTo(...to(point))); context.stroke();
  context.fillStyle = "#d55e00"; context.beginPath(); context.arc(canvas.width / 2, canvas.height / 2, 6, 0, 7); context.fill();
  words.textContent = `Loss from ${number(low)} (dark) to ${number(high)} (bright). The dot is where the run stands, ${number(found.loss)}; the white line is its path.`;
  canvas.setAttribute("aria-label", words.textContent);
  numbers.replaceChildren(table("Loss, every third place", found.losses.filter((_, k) => k % 3 === 0).map((row) => row.filter((_, k) => k % 3 === 0).map((value) => value ?? "∞"))));
}

function mistakePanel(panel) {
  const out = element("div", { "aria-live": "polite" }), words = element("p", {});
  page.ask("ask", { about: "mistakes" }).then(({ mistakes }) => {
    const name = choice(["", ...Object.keys(mistakes)], page.about.state.mistake, (value) => { words.textContent = mistakes[value] || ""; });
    words.textContent = mistakes[page.about.state.mistake] || "Choose what to do wrong: the run then follows the wrong gradient.";
    panel.prepend(element("div", { className: "buttons" }, labelled("Mistake", name), element("button", { onclick: () => page.change((state) => { state.mistake = name.value; }) }, "Train with it"),
      element("button", { onclick: () => report(out, page.ask("ask", { about: "mistake" })) }, "What does the checker say?")), words);
  }).catch(page.refuse);
  panel.append(out);
}

function codePanel(panel) {
  const text = element("textarea", { spellcheck: false, value: page.code ?? template(), oninput: () => { page.code = text.value; } }), out = element("div", { "aria-live": "polite" });
  text.addEventListener("drop", (event) => { const file = event.dataTransfer.files[0]; if (file) { event.preventDefault(); file.text().then((read) => { text.value = page.code = read; }); } });
  const show = (told) => out.replaceChildren(element("pre", {}, told));
  const send = (code) => { show("Checking …"); page.ask("code", { text: code }).then((found) => { page.take(found, false); show(found.text); }).catch((error) => { show(error.message); page.refuse(error.message.split("\n")[0]); }); };
  panel.append(element("p", {}, `Paste or drop a function that is handed the parameters and returns their gradient: backprop(theta, X, T), backprop(${blocks().join(", ")}, X, T), backward(params, X, y), a step with a learning rate … It runs in the sandbox, is checked, and trains the picture.`), labelled("Your code", text),
    element("div", { className: "buttons" }, element("button", { className: "main", onclick: () => send(text.value) }, "Check it and train with it"), element("button", { onclick: () => send("") }, "Back to the engine's")), out);
}

function template() {
  const lines = ["import numpy as np", "", "def backprop(theta, X, T):", `    # ${page.about.widths.join(" → ")}, ${page.about.activations.join(", ")}; loss ${page.about.state.output.loss}`];
  let start = 0;
  for (const [name, shape] of Object.entries(page.about.shapes)) { const size = shape.reduce((a, b) => a * b, 1); lines.push(`    ${name} = theta[${start}:${start + size}].reshape(${shape.join(", ")}${shape.length === 1 ? "," : ""})`); start += size; }
  return [...lines, "    ...", "    return loss, gradient  # gradient as flat as theta", ""].join("\n");
}

function stuckPanel(panel) {
  const out = element("ul", { "aria-live": "polite" });
  const look = () => page.ask("ask", { about: "stuck" }).then(({ findings }) => { out.replaceChildren(...findings.map((one) => element("li", {}, one.text))); light(null); findings.forEach((one) => mark(one.layer, one.units)); }).catch(page.refuse);
  panel.append(element("button", { onclick: look }, "Look again"), out);
  look();
}

function outPanel(panel) {
  const files = [["run.py", "Python that runs the same to the bit"], ["network.safetensors", "the network, for cr.load"], ["report.html", "a report"], ["picture.png", "PNG"], ["picture.svg", "SVG"], ["run.gif", "GIF of the way it learned"]];
  const link = element("input", { readOnly: true, value: page.link() });
  panel.append(element("ul", {}, ...files.map(([name, text]) => element("li", {}, element("a", { href: address(`/download/${name}`), download: name }, text)))), labelled("Link with this setting", link), element("button", { onclick: () => { link.select(); navigator.clipboard?.writeText(link.value); } }, "Copy"), element("p", {}, "The part after # holds the whole setting; put it behind the address of any playground. It holds no file and no pasted code."));
}
