// The settings: a labelled form element for every row that the server reads off the engine, and for the view.
import { $, choice, element, labelled } from "./dom.js";

const opened = new Set(["Data", "Network", "Training"]);
let keeps = false;
export const goesOn = () => keeps;

export function buildControls(about, change, ask, refuse) {
  const { choices, state } = about, rows = (group) => withParts(about.form.filter((row) => row.group === group), change);
  const lab = choice(["—", ...choices.labs], state.data.source === "lab" ? state.data.name : "—", (name) => name !== "—" && ask("lab", { name }).catch(refuse));
  const from = element("input", { type: "checkbox", id: "from-here", checked: keeps, onchange: () => { keeps = from.checked; } });
  $("controls").replaceChildren(
    group("Start", labelled("Lab", lab)),
    group("Data", ...dataControls(about, change), ...rows("Data")),
    group("Network", ...rows("Network"), layerButtons(state, change)),
    group("Training", ...rows("Training"), labelled("Go on from here", from)),
    group("Stop", ...rows("Stop")),
    group("View", ...viewControls(about, ask)),
  );
}

const group = (title, ...parts) => fold(title, title, ...parts);
function fold(key, title, ...parts) {
  const made = element("details", { open: opened.has(key) }, element("summary", {}, title), ...parts);
  made.addEventListener("toggle", () => made.open ? opened.add(key) : opened.delete(key));
  return made;
}

// What cannot be set comes last, folded, each with the reason.
function withParts(rows, change) {
  const settable = rows.filter((row) => !row.why), rest = rows.filter((row) => row.why), made = [];
  for (const row of settable) {
    const part = row.part.startsWith("Of ") ? "" : row.part;
    if (part && made.at(-1)?.dataset.part !== part) { const box = element("div", { className: "layer", role: "group", ariaLabel: part }, element("strong", {}, part)); box.dataset.part = part; made.push(box); }
    const control = labelled(row.label, controlOf(row, change));
    control.title = row.words;
    if (part) made.at(-1).append(control); else made.push(control);
  }
  if (!rest.length) return made;
  return [...made, fold(`${rows[0].group}, not here`, `${rest.length} ${rest.length === 1 ? "does" : "do"} not apply here`, ...rest.map((row) => {
    const control = controlOf(row, change), name = row.part && !row.part.startsWith("Of ") ? `${row.part}: ${row.label}` : row.label;
    control.disabled = true; control.setAttribute("aria-description", row.why);
    return element("div", { className: "why", title: row.words }, labelled(name, control), element("small", {}, row.why));
  }))];
}

function at(draft, path) { return path.slice(0, -1).reduce((part, key) => part[key], draft); }

function controlOf(row, change) {
  const set = (value) => change((draft) => {
    const owner = at(draft, row.path), name = row.path.at(-1);
    if (row.on && !value) delete owner[name];
    else owner[name] = row.on ? row.on : row.template ? row.template.replace("#", value) : value;
    if (row.resets) at(draft, row.resets)[row.resets.at(-1)] = {};
    if (row.group === "Network") Object.assign(draft, { mistake: "", ...(row.part.startsWith("Layer") ? { frozen: [] } : {}) });
  }, { suit: row.group === "Data" });
  if (row.kind === "switch") { const made = element("input", { type: "checkbox", checked: row.value, onchange: () => set(made.checked) }); return made; }
  if (row.kind === "choice") return element("select", { onchange: (event) => set(event.target.value) }, ...Object.entries(row.options).map(([text, value]) => element("option", { value, selected: value === row.value }, text)));
  return numeric(row.value, set, row);
}

// The bounds are the engine's to judge: what it refuses is said above the page.
function numeric(value, onchange, { kind = "number", min, max, empty }) {
  const made = element("input", { type: "number", step: kind === "count" ? 1 : "any", value: value ?? "", ...(empty ? { placeholder: "none" } : {}), ...(min ?? null) !== null ? { min } : {}, ...(max ?? null) !== null ? { max } : {} });
  made.addEventListener("change", () => { if (made.reportValidity() && (made.value !== "" || empty)) onchange(made.value === "" ? null : +made.value); });
  return made;
}
const ticked = (value, onchange) => { const made = element("input", { type: "checkbox", checked: value, onchange: () => onchange(made.checked) }); return made; };

function dataControls(about, change) {
  const { state: { data }, choices } = about, parts = [], set = (name) => (value) => change((draft) => { draft.data[name] = value; }, { suit: true });
  const sets = element("select", { onchange: () => change((draft) => { Object.assign(draft.data, { source: "datasets", name: sets.value, settings: {} }); draft.frozen = []; draft.mistake = ""; }, { suit: true }) },
    ...(data.source === "datasets" ? [] : [element("option", { value: "" }, { lab: `lab ${data.name}`, points: "drawn points", file: data.name }[data.source])]),
    ...choices.datasets.map((name) => element("option", { value: name }, name)));
  sets.value = data.source === "datasets" ? data.name : "";
  parts.push(labelled("Dataset", sets));
  if (data.source === "file" && about.columns?.length) parts.push(
    labelled("Features", several(about.numeric, data.columns.length ? data.columns : about.features, set("columns"))),
    labelled("Targets", several(about.columns, data.targets.length ? data.targets : [about.columns.at(-1)], (targets) => change((draft) => { draft.data.targets = targets; draft.data.columns = draft.data.columns.filter((name) => !targets.includes(name)); }, { suit: true }))),
    labelled("Predict numbers", ticked(data.regression, set("regression"))));
  if (data.source === "file") parts.push(labelled("Standardise", ticked(data.standardize, set("standardize"))));
  if (data.source !== "lab") parts.push(labelled("Held out", numeric(data.test_share, set("test_share"), { min: 0, max: 0.9 })));
  if (about.note) parts.push(element("p", {}, about.note));
  return parts;
}

function several(names, chosen, onchange) {
  const made = element("select", { multiple: true, onchange: () => made.selectedOptions.length && onchange([...made.selectedOptions].map((one) => one.value)) }, ...names.map((name) => element("option", { value: name, selected: chosen.includes(name) }, name)));
  return made;
}

function layerButtons(state, change) {
  const edit = (act) => change((draft) => { act(draft); draft.frozen = []; draft.mistake = ""; });
  return element("div", { className: "buttons" }, element("button", { disabled: state.layers.length >= 6, onclick: () => edit((draft) => draft.layers.push({ ...(draft.layers.at(-1) || {}) })) }, "Add a layer"),
    element("button", { disabled: !state.layers.length, onclick: () => edit((draft) => draft.layers.pop()) }, "Remove one"));
}

function viewControls(about, ask) {
  const view = about.view, look = (name) => (value) => ask("view", { ...view, [name]: value });
  const features = about.features.map((name, k) => element("option", { value: k }, name));
  const axis = (name) => { const made = element("select", { onchange: () => look(name)(+made.value) }, ...features.map((one) => one.cloneNode(true))); made.value = view[name] % about.features.length; return made; };
  return [labelled("Across", axis("x")), labelled("Up", axis("y")), labelled("Output", numeric(view.output, look("output"), { min: 0, kind: "count" })), labelled("Pixels", numeric(view.size, look("size"), { min: 20, max: 200, kind: "count" }))];
}
