import { CognateError } from '@cognate/core';

export type Device = 'webgpu' | 'wasm';

/**
 * `auto` takes the GPU where there is a real one, else wasm. `webgpu` insists on a real one, `webgpu-software` accepts
 * an emulated one too, which is slower than wasm and good for tests only.
 */
export type DeviceWish = 'auto' | 'webgpu' | 'webgpu-software' | 'wasm';

/** What this machine offers. */
export interface Gpu {
  readonly available: boolean;
  /** An emulated adapter (SwiftShader, llvmpipe, a fallback adapter): computes on the CPU. */
  readonly software: boolean;
  /** Shaders may use 16-bit floats. */
  readonly f16: boolean;
  /** For people: why there is no usable GPU, or which one there is. */
  readonly note: string;
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|basic render|software/i;

/** Asks the browser for an adapter: `navigator.gpu` alone proves nothing. Never rejects. */
export async function findGpu(): Promise<Gpu> {
  const none = (note: string): Gpu => ({ available: false, software: false, f16: false, note });
  if (!navigator.gpu) return none('this browser has no WebGPU');
  try {
    const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) return none('this browser offers no GPU adapter');
    const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
    const name = [vendor, architecture, device, description].filter(Boolean).join(' ');
    const software = isFallbackAdapter || softwareNames.test(name);
    const note = software ? `the only GPU adapter (${name}) is emulated in software` : name || 'a GPU';
    return { available: true, software, f16: adapter.features.has('shader-f16'), note };
  } catch (error) {
    return none(`asking for a GPU adapter failed: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The device that was taken, and why a better one was not. */
export interface DeviceChoice {
  readonly device: Device;
  readonly f16: boolean;
  /** Why the GPU is not used; absent when it is, or when wasm was asked for. */
  readonly reason?: string;
}

/** @throws {CognateError} `device-failed` when a GPU was insisted on and there is none. */
export function chooseDevice(wish: DeviceWish, gpu: Gpu): DeviceChoice {
  if (wish === 'wasm') return { device: 'wasm', f16: false };
  if (gpu.available && (!gpu.software || wish === 'webgpu-software')) return { device: 'webgpu', f16: gpu.f16 };
  if (wish === 'auto') return { device: 'wasm', f16: false, reason: gpu.note };
  throw new CognateError('device-failed', `loadModel() was asked for the device ${wish}, but ${gpu.note}`);
}
