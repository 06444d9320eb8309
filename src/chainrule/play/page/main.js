// The page: one state, what is drawn from it, and the buttons. Every number comes from the server; here it is drawn.
import { $, number, write } from "./dom.js";
import { Link, address } from "./link.js";
import { buildControls, goesOn } from "./controls.js";
import { drawCurve } from "./curve.js";
import { drawField, edges, legend, place } from "./field.js";
import { buildFormulas } from "./formulas.js";
import { buildNetwork, drawNetwork } from "./network.js";
import { buildPanels, openPanel } from "./panels.js";

const page = { about: null, frame: null, drawing: false, code: null, ask, change, refuse, take, redraw, link: () => `${location.href.split("#")[0]}#${encoded(page.about.state)}` };
const link = new Link(onFrame, refuse);

export const encoded = (state) => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(state)))).replaceAll("+", "-").replaceAll("/", "_");
const decoded = (text) => JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0))));

function ask(kind, more) {
  return link.ask(kind, more).then((found) => { if (found.state) take(found, kind !== "code"); else if (found.samples) { Object.assign(page.about, found); redraw(); } return found; });
}

function refuse(error) { $("message").textContent = error.message ?? error; $("message").className = "bad"; page.refused = true; }

let lastChange = Promise.resolve(), waiting = 0;

// One change after the other: each edits the state that the one before has led to, so that none undoes another.
function change(edit, more = {}) {
  waiting += 1; document.body.setAttribute("aria-busy", "true");
  lastChange = lastChange.then(() => {
    const state = structuredClone(page.about.state);
    edit(state);
    page.refused = false; $("message").textContent = "";
    return ask("set", { state, suit: false, from_here: goesOn(), ...more });
  }).catch((error) => { refuse(error); build(); }).finally(() => {
    waiting -= 1;
    if (!waiting) document.body.removeAttribute("aria-busy");
  });
  return lastChange;
}

function take(found, reopen = true) {
  if (!found.state) return;
  page.about = { columns: page.about?.columns, numeric: page.about?.numeric, ...found, chosen: page.about?.chosen ?? 0 };
  page.about.chosen = Math.min(page.about.chosen, page.about.samples.t.length - 1);
  build();
  if (reopen) openPanel();
}

function build() {
  buildControls(page.about, change, ask, refuse);
  buildNetwork(page.about, (kind, more) => ask(kind, more).catch(refuse), change);
  $("edges").value = page.about.view.gradients ? "gradient" : "theta"; $("pace").value = page.about.pace;
  $("legend").textContent = legend(page.about); $("point").hidden = page.about.state.data.source !== "points";
  buildFormulas(page);
  redraw();
}

function onFrame(frame) { page.frame = frame; redraw(); }

function redraw() {
  const frame = page.frame;
  if (!frame || !page.about || frame.theta.length !== count()) return;
  drawField(frame, page.about); drawNetwork(frame); drawCurve(frame);
  write("numbers", `epoch ${frame.epoch} · loss ${frame.loss === null ? "not finite" : number(frame.loss)}${frame.heldOutLoss === null ? "" : ` · held out ${number(frame.heldOutLoss)}`}${frame.playing && frame.speed >= 1 ? ` · ${Math.round(frame.speed)} epochs/s` : ""}`);
  write("play", frame.playing ? "❚❚ Pause" : "▶ Play");
  if (!frame.playing) $("field").setAttribute("aria-label", `The decision picture at epoch ${frame.epoch}: ${legend(page.about)}`);
  if (frame.message || !page.refused) write("message", frame.message);
  if (!page.refused) $("message").className = "";
}
const count = () => Object.values(page.about.shapes).reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);

const go = (what) => ask("go", { what }).then(({ playing }) => { if (page.frame) { page.frame.playing = playing; redraw(); } }).catch(refuse);
$("play").onclick = () => go(page.frame?.playing ? "pause" : "play");
$("back").onclick = () => go("back"); $("step").onclick = () => go("step"); $("restart").onclick = () => go("restart");
$("curve-table").ontoggle = redraw;
$("pace").onchange = (event) => ask("pace", { epochs: +event.target.value });
$("edges").onchange = () => ask("view", { ...page.about.view, gradients: $("edges").value === "gradient" }).catch(refuse);

$("draw").onclick = () => {
  const [left, right, bottom, top] = edges(page.about), at = (a, b, label) => [left + a * (right - left), bottom + b * (top - bottom), label];
  const starters = page.about.widths[0] === 2 ? [at(0.25, 0.25, 0), at(0.75, 0.75, 1)] : [[-1, -1, 0], [1, 1, 1]];
  change((state) => { Object.assign(state.data, { source: "points", points: starters }); state.frozen = []; state.mistake = ""; }, { suit: true });
};

function addPoint(x, y) {
  page.about.chosen = page.about.samples.t.length;
  return change((state) => { state.data.points.push([x, y, +$("class").value]); }, { suit: page.about.classes.length <= +$("class").value });
}

$("field").onclick = (event) => {
  const canvas = $("samples"), bounds = canvas.getBoundingClientRect(), [left, right, bottom, top] = edges(page.about);
  const px = (event.clientX - bounds.left) / bounds.width, py = (event.clientY - bounds.top) / bounds.height;
  if (page.about.state.data.source === "points") { addPoint(left + px * (right - left), top - py * (top - bottom)); return; }
  const { x, y, t } = page.about.samples, distance = (k) => { const [a, b] = place(page.about, x[k], page.about.widths[0] === 1 ? t[k] : y[k], canvas); return Math.hypot(a - px * canvas.width, b - py * canvas.height); };
  page.about.chosen = t.reduce((best, _, k) => distance(k) < distance(best) ? k : best, 0);
  openPanel("Step through"); redraw();
  $("panels").scrollIntoView({ block: "nearest", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
};
$("unset").onclick = () => change((state) => { state.data.points.pop(); });
$("point").onsubmit = (event) => { event.preventDefault(); addPoint(+event.target.x.value, +event.target.y.value); };

async function upload(file) {
  const answer = await fetch(address("/upload", `&name=${encodeURIComponent(file.name)}`), { method: "POST", body: file });
  if (!answer.ok) { refuse(await answer.text()); return; }
  page.refused = false; take(await answer.json());
}
$("file").onchange = (event) => event.target.files[0] && upload(event.target.files[0]);
$("field").ondragover = (event) => event.preventDefault();
$("field").ondrop = (event) => { event.preventDefault(); if (event.dataTransfer.files[0]) upload(event.dataTransfer.files[0]); };

document.addEventListener("keydown", (event) => {
  if (event.target.closest("input, select, textarea, button, summary, [role=button]") || event.ctrlKey || event.metaKey || event.altKey) return;
  const button = { " ": "play", ArrowRight: "step", ArrowLeft: "back", r: "restart" }[event.key];
  if (button) { event.preventDefault(); $(button).click(); }
});
for (const query of ["(prefers-color-scheme: dark)", "(max-width: 980px)"]) matchMedia(query).addEventListener("change", () => page.about && build());

await link.opened;
buildPanels(page);
await ask("ask", { about: "state" }).catch(refuse);
if (location.hash.length > 1) {
  try { await ask("set", { state: decoded(location.hash.slice(1)) }); } catch (error) { refuse(`The link's setting cannot be used: ${error.message}`); }
  history.replaceState(null, "", location.href.split("#")[0]);
}
document.body.dataset.ready = "yes";
