// Stands in for the native runtime (288 MB, and a download outside the registry): in Node the same
// WebAssembly build runs that the browser uses.
const path = require('node:path');
const ort = require('onnxruntime-web');
ort.env.wasm.wasmPaths = path.dirname(require.resolve('onnxruntime-web')) + path.sep;
ort.env.wasm.numThreads = 1;
module.exports = ort;
