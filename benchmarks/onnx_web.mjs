// onnxruntime-web in Node: JSON of files and samples from standard input, JSON of their answers to standard output.
import fs from "node:fs";
import { createRequire } from "node:module";

const ort = createRequire(process.cwd() + "/")("onnxruntime-web");
ort.env.wasm.numThreads = 1;

const answers = [];
for (const { path, rows, dtype, values } of JSON.parse(fs.readFileSync(0, "utf8"))) {
  const session = await ort.InferenceSession.create(fs.readFileSync(path), { executionProviders: ["wasm"] });
  const data = dtype === "float64" ? Float64Array.from(values) : Float32Array.from(values);
  const X = new ort.Tensor(dtype, data, [rows, values.length / rows]);
  const result = await session.run({ [session.inputNames[0]]: X });
  answers.push(
    session.outputNames.map((name) => ({
      type: result[name].type,
      dims: result[name].dims,
      data: Array.from(result[name].data, String),
    })),
  );
}
console.log(JSON.stringify(answers));
