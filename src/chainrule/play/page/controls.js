// The settings: every part of the state as a labelled form element, made from the state itself.
import { $, choice, element, labelled } from "./dom.js";

let opened = new Set(["Data", "Network", "Training"]);

export function buildControls(about, change, ask, refuse) {
  const { state, choices } = about, data = state.data, training = state.training;
  const set = (part, name, more = {}) => (value) => change((draft) => { part(draft)[name] = value; }, more);
  const inData = (name) => set((draft) => draft.data, name, { suit: true }), inTraining = (name) => set((draft) => draft.training, name);
  const output = (name) => set((draft) => draft.output, name);
  $("controls").replaceChildren(
    group("Start", labelled("Lab", choice(["—", ...choices.labs], data.source === "lab" ? data.name : "—", (name) => name !== "—" && ask("lab", { name }).catch(refuse)))),
    group("Data", ...dataControls(about, change, inData)),
    group("Network", ...layerControls(about, change, output)),
    group("Training", ...trainingControls(training, choices, inTraining, change)),
    group("View", ...viewControls(about, ask)),
  );
}

function group(title, ...parts) {
  const made = element("details", { open: opened.has(title) }, element("summary", {}, title), ...parts);
  made.addEventListener("toggle", () => made.open ? opened.add(title) : opened.delete(title));
  return made;
}

function numeric(value, onchange, bounds = {}) {
  const made = element("input", { type: "number", step: "any", value, ...bounds });
  made.addEventListener("change", () => made.reportValidity() && made.value !== "" && onchange(+made.value));
  return made;
}
const ticked = (value, onchange) => { const made = element("input", { type: "checkbox", checked: value, onchange: () => onchange(made.checked) }); return made; };

function dataControls(about, change, inData) {
  const { state: { data }, choices } = about, parts = [];
  const sets = element("select", { onchange: () => change((draft) => { Object.assign(draft.data, { source: "datasets", name: sets.value }); draft.frozen = []; draft.mistake = ""; }, { suit: true }) },
    ...(data.source === "datasets" ? [] : [element("option", { value: "" }, { lab: `lab ${data.name}`, points: "drawn points", file: data.name }[data.source])]),
    ...choices.datasets.map((name) => element("option", { value: name }, name)));
  sets.value = data.source === "datasets" ? data.name : "";
  parts.push(labelled("Dataset", sets));
  if (data.source === "datasets") parts.push(
    labelled("Points", numeric(data.n, inData("n"), { min: 4, max: 2000, step: 1 })), labelled("Noise", numeric(data.noise, inData("noise"), { min: 0, max: 10 })),
    labelled("Classes", numeric(data.classes, inData("classes"), { min: 2, max: 10, step: 1 })), labelled("Seed", numeric(data.seed, inData("seed"), { min: 0, step: 1 })));
  if (data.source === "file" && about.columns?.length) parts.push(
    labelled("Features", several(about.numeric, data.columns.length ? data.columns : about.features, inData("columns"))),
    labelled("Targets", several(about.columns, data.targets.length ? data.targets : [about.columns.at(-1)], (targets) => change((draft) => { draft.data.targets = targets; draft.data.columns = draft.data.columns.filter((name) => !targets.includes(name)); }, { suit: true }))),
    labelled("Predict numbers", ticked(data.regression, inData("regression"))), labelled("Standardise", ticked(data.standardize, inData("standardize"))));
  if (data.source !== "lab") parts.push(labelled("Held out", numeric(data.test_share, inData("test_share"), { min: 0, max: 0.9 })));
  if (about.note) parts.push(element("p", {}, about.note));
  return parts;
}

function several(names, chosen, onchange) {
  const made = element("select", { multiple: true, onchange: () => made.selectedOptions.length && onchange([...made.selectedOptions].map((one) => one.value)) }, ...names.map((name) => element("option", { value: name, selected: chosen.includes(name) }, name)));
  return made;
}

function layerControls(about, change, output) {
  const { state, choices } = about, parts = [], edit = (act) => change((draft) => { act(draft); draft.frozen = []; draft.mistake = ""; });
  state.layers.forEach((layer, k) => {
    const set = (name) => (value) => edit((draft) => { draft.layers[k][name] = value; });
    parts.push(element("div", { className: "layer" }, labelled(`Units, layer ${k + 1}`, numeric(layer.units, set("units"), { min: 1, max: 128, step: 1 })),
      labelled("Activation", choice(choices.activations, layer.activation, set("activation"))), labelled("Start", choice(named(choices.initializers, layer.weight_init), layer.weight_init, set("weight_init"))),
      labelled("Dropout", numeric(layer.dropout, set("dropout"), { min: 0, max: 0.95 })), labelled("Bias", ticked(layer.bias, set("bias")))));
  });
  parts.push(element("div", { className: "buttons" }, element("button", { disabled: state.layers.length >= 6, onclick: () => edit((draft) => draft.layers.push({ ...(draft.layers.at(-1) || { units: 4, activation: "tanh", bias: true, weight_init: "glorot", dropout: 0 }) })) }, "Add a layer"),
    element("button", { disabled: !state.layers.length, onclick: () => edit((draft) => draft.layers.pop()) }, "Remove one")));
  const pair = (name) => (value) => change((draft) => { draft.output[name] = value; draft.mistake = ""; });
  parts.push(labelled("Output", choice(choices.activations, state.output.activation, pair("activation"))), labelled("Loss", choice(choices.losses, state.output.loss, pair("loss"))), labelled("Output's bias", ticked(state.output.bias, output("bias"))),
    labelled("Input dropout", numeric(state.input_dropout, (value) => change((draft) => { draft.input_dropout = value; }), { min: 0, max: 0.95 })));
  return parts;
}
const named = (names, own) => names.includes(own) ? names : [...names, own];

function trainingControls(training, choices, set, change) {
  const schedule = (name) => (value) => change((draft) => { draft.training.schedule[name] = value; });
  return [labelled("Optimizer", choice(choices.optimizers, training.optimizer, set("optimizer"))),
    labelled("Learning rate", numeric(training.learning_rate, set("learning_rate"), { min: 1e-9, max: 1e4 })), labelled("Momentum", numeric(training.momentum, set("momentum"), { min: 0, max: 1 })),
    labelled("Schedule", choice(choices.schedules, training.schedule.name, schedule("name"))), labelled("… epochs", numeric(training.schedule.epochs, schedule("epochs"), { min: 1, step: 1 })),
    labelled("Batch (0: all)", numeric(training.batch_size, set("batch_size"), { min: 0, max: 2000, step: 1 })), labelled("L2", numeric(training.l2, set("l2"), { min: 0 })), labelled("L1", numeric(training.l1, set("l1"), { min: 0 })),
    labelled("Clip (0: none)", numeric(training.max_gradient_norm, set("max_gradient_norm"), { min: 0 })), labelled("Most epochs", numeric(training.max_epochs, set("max_epochs"), { min: 1, max: 1000000, step: 1 })),
    labelled("Seed", numeric(training.seed, set("seed"), { min: 0, step: 1 })), labelled("Go on from here", element("input", { type: "checkbox", id: "from-here", checked: goesOn(), onchange: (event) => { keeps = event.target.checked; } }))];
}
let keeps = false;
export const goesOn = () => keeps;

function viewControls(about, ask) {
  const view = about.view, look = (name) => (value) => ask("view", { ...view, [name]: value });
  const features = about.features.map((name, k) => element("option", { value: k }, name));
  const axis = (name) => { const made = element("select", { onchange: () => look(name)(+made.value) }, ...features.map((one) => one.cloneNode(true))); made.value = view[name] % about.features.length; return made; };
  return [labelled("Across", axis("x")), labelled("Up", axis("y")), labelled("Output", numeric(view.output, look("output"), { min: 0, step: 1 })), labelled("Pixels", numeric(view.size, look("size"), { min: 20, max: 200, step: 1 }))];
}
