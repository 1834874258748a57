/**
 * How many multiply-adds of float32 a second WebAssembly can do at most on this machine: fused, four numbers at a time,
 * from registers alone, on so many threads at once. No matrix product in wasm can be faster.
 */
export async function wasmPeak(threads: number): Promise<number> {
  const source = `(${measure.toString()})()`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const workers = Array.from({ length: threads }, () => new Worker(url));
  const code = fusedMultiplyAdds();
  const rates: number[] = [];
  try {
    for (let turn = 0; turn < turns; turn++) {
      const together = await Promise.all(
        workers.map((worker) => {
          return new Promise<number>((resolve, reject) => {
            worker.onmessage = ({ data }) => resolve(data as number);
            worker.onerror = ({ message }) => reject(new Error(`wasmPeak(): ${message}`));
            worker.postMessage({ code, perRound });
          });
        }),
      );
      rates.push(together.reduce((sum, each) => sum + each, 0));
    }
  } finally {
    for (const worker of workers) worker.terminate();
    URL.revokeObjectURL(url);
  }
  return Math.max(...rates);
}

/** Measured again and again: the first turns run what is not optimised yet, and a busy machine slows some. */
const turns = 12;

/** Sums that do not wait for one another: a fused multiply-add takes four cycles or five, and two begin in each. */
const chains = 12;
const unrolled = 8;
const lanes = 4;
const perRound = chains * unrolled * lanes;

/** Runs in a worker, by itself: multiply-adds a second over a fifth of a second. */
function measure(): void {
  let run: ((rounds: number) => number) | undefined;
  self.onmessage = ({ data: { code, perRound } }: MessageEvent<{ code: BufferSource; perRound: number }>) => {
    run ??= new WebAssembly.Instance(new WebAssembly.Module(code)).exports['run'] as (rounds: number) => number;
    const [chunk, start] = [200_000, performance.now()];
    let rounds = 0;
    while (performance.now() - start < 200) {
      run(chunk);
      rounds += chunk;
    }
    self.postMessage((rounds * perRound * 1000) / (performance.now() - start));
  };
}

/** `run(rounds) -> number`: `chains` sums, `sum = a * b + sum` in each `unrolled` times a round. */
function fusedMultiplyAdds(): Uint8Array<ArrayBuffer> {
  const [rounds, a, first] = [0, 1, 2];
  const [i32, f32, v128] = [0x7f, 0x7d, 0x7b];
  const get = (local: number): number[] => [0x20, local];
  const set = (local: number): number[] => [0x21, local];
  const float = (value: number): number[] => [0x43, ...new Uint8Array(Float32Array.of(value).buffer)];
  const splat = [0xfd, 0x13];
  const add = [0xfd, 0xe4, 0x01];
  const relaxedMadd = [0xfd, 0x85, 0x02];
  const sums = Array.from({ length: chains }, (_, i) => first + i);
  const once = sums.flatMap((sum) => [...get(a), ...get(a), ...get(sum), ...relaxedMadd, ...set(sum)]);
  const body = [
    ...[1, 1 + chains, v128],
    ...[...float(1e-3), ...splat, ...set(a)],
    ...[0x03, 0x40], // loop
    ...Array.from({ length: unrolled }, () => once).flat(),
    ...[...get(rounds), 0x41, 1, 0x6b, 0x22, rounds], // rounds = rounds - 1
    ...[0x0d, 0, 0x0b], // again while any is left
    ...sums.slice(1).reduce((code, sum) => [...code, ...get(sum), ...add], get(first)),
    ...[0xfd, 0x1f, 0, 0x0b], // the first lane
  ];
  const sized = (bytes: readonly number[]): number[] => {
    const size = bytes.length;
    return [...(size < 128 ? [size] : [(size & 127) | 128, size >> 7]), ...bytes];
  };
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, ...sized([1, 0x60, 1, i32, 1, f32])],
    ...[3, ...sized([1, 0])],
    ...[7, ...sized([1, 3, ...new TextEncoder().encode('run'), 0, 0])],
    ...[10, ...sized([1, ...sized(body)])],
  ]);
}
