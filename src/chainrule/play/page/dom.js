// Small helpers: elements by text alone, tables of numbers, formulas in MathML, read as XML and let through by name.
export const $ = (id) => document.getElementById(id);

export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name in made && name !== "list" && name !== "form") made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export const labelled = (text, control) => element("label", {}, `${text} `, control);

export function choice(values, value, onchange) {
  const made = element("select", { onchange: () => onchange(made.value) }, ...values.map((one) => element("option", { value: one }, one)));
  made.value = value;
  return made;
}

export const number = (value) => typeof value !== "number" ? String(value) : value === 0 ? "0" : Math.abs(value) >= 1e5 || Math.abs(value) < 1e-4 ? value.toExponential(3) : String(+value.toPrecision(5));

export function table(caption, rows, shape) {
  const cut = shape && (shape.at(-2) > rows.length || shape.at(-1) > (rows[0] || []).length) ? `, the first of ${shape.join(" × ")}` : "";
  const made = element("table", {}, element("caption", {}, caption + cut), element("tbody", {}, ...rows.map((row) => element("tr", {}, ...row.map((cell) => element("td", {}, number(cell)))))));
  made.dataset.name = caption;
  return made;
}

const MATH = new Set("math semantics mrow mi mo mn ms mtext mspace msub msup msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd mstyle mpadded mphantom menclose".split(" "));

export function formula(text) {
  const copy = (node) => {
    if (node.nodeType === Node.TEXT_NODE) return document.createTextNode(node.data);
    if (!MATH.has(node.localName)) return null;
    const made = document.createElementNS("http://www.w3.org/1998/Math/MathML", node.localName);
    for (const { name, value } of node.attributes) if (!/^(on|href|src|xmlns)/.test(name)) made.setAttribute(name, value);
    made.append(...[...node.childNodes].map(copy).filter(Boolean));
    return made;
  };
  return copy(new DOMParser().parseFromString(text, "text/xml").documentElement) || document.createTextNode("");
}

const colours = new Map(), dark = matchMedia("(prefers-color-scheme: dark)");
dark.addEventListener("change", () => colours.clear());  // before those who draw: this module is read first
export const scheme = () => dark.matches;
export function css(name) {
  if (!colours.has(name)) colours.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  return colours.get(name);
}

export function write(id, text) { const one = $(id); if (one.textContent !== text) one.textContent = text; }
