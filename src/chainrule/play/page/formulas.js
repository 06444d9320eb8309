// The network's mathematics: a symbol pointed at lights its edges, its block, and its numbers, which stand below.
import { $, element, formula, table } from "./dom.js";
import { light } from "./network.js";

let page = null, values = null, pointed = null;

export function buildFormulas(given) {
  page = given; values = null;
  page.ask("ask", { about: "explain" }).then(({ lines }) => $("formulas").replaceChildren(...lines.map(line))).catch(page.refuse);
}

function line({ symbol, formula: written, text }) {
  const made = element("div", {
    className: "formula", tabIndex: 0, title: text, onfocus: () => point(symbol), onblur: leave, onmouseleave: leave,
    onmouseover: (event) => point(symbolAt(event.target, made) || symbol),
  }, formula(written));
  made.dataset.symbol = symbol;
  return made;
}

const DERIVATIVE = /^∂L∂([A-Za-z])(?:\((\d+)\))?/, LETTER = /^([XTYWbZA])(?:\((\d+)\))?⊤?$/;

// The symbol under the pointer: the smallest part of the formula that is one; a derivative before its letters.
function symbolAt(target, end) {
  let found = "";
  for (let node = target; node && node !== end; node = node.parentNode) {
    const text = node.textContent.replace(/\s/g, ""), derivative = node.localName === "mfrac" && text.match(DERIVATIVE);
    if (derivative) return `d${derivative[1]}${derivative[2] || ""}`;
    const letter = ["mi", "msup", "mrow"].includes(node.localName) && text.match(LETTER);
    if (letter) found = letter[1] + (letter[2] || "");
  }
  return found;
}

function point(symbol) {
  pointed = symbol;
  light(symbol);
  const key = `${page.frame?.epoch} ${page.about.chosen}`;
  if (values?.key === key) { show(symbol); return; }
  page.ask("steps", { scope: "sample", sample: page.about.chosen }).then(({ steps }) => {
    values = { key, tables: Object.assign({}, ...steps.filter((step) => step.phase !== "update").map((step) => step.tables)) };
    if (pointed) show(pointed);
  }).catch(page.refuse);
}

function show(symbol) {
  const found = values.tables[symbol];
  $("values").replaceChildren(found ? table(symbol, found.rows, found.shape) : element("small", {}, `${symbol} has no numbers of its own`));
  light(symbol);
}

function leave() { pointed = null; light(null); }
