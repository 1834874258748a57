import { expect } from '@open-wc/testing';
import { isCognateError } from '@cognate/core';
import { chooseDevice, findGpu, type DeviceWish, type Gpu } from './device.ts';

const gpu = (change: Partial<Gpu>): Gpu => ({ available: true, software: false, f16: true, note: 'a GPU', ...change });
const none = gpu({ available: false, f16: false, note: 'this browser offers no GPU adapter' });
const emulated = gpu({
  software: true,
  f16: false,
  note: 'the only GPU adapter (swiftshader) is emulated in software',
});

function codeOf(wish: DeviceWish, found: Gpu): string {
  try {
    return chooseDevice(wish, found).device;
  } catch (error) {
    if (isCognateError(error)) return error.code;
    throw error;
  }
}

describe('chooseDevice()', () => {
  it('takes the GPU where there is a real one', () => {
    expect(chooseDevice('auto', gpu({}))).to.deep.equal({ device: 'webgpu', f16: true });
  });

  it('takes wasm without a GPU or with an emulated one, and keeps the reason', () => {
    expect(chooseDevice('auto', none)).to.deep.equal({ device: 'wasm', f16: false, reason: none.note });
    expect(chooseDevice('auto', emulated)).to.deep.equal({ device: 'wasm', f16: false, reason: emulated.note });
  });

  it('fails when a GPU is insisted on and there is none', () => {
    expect(codeOf('webgpu', none)).to.equal('device-failed');
    expect(codeOf('webgpu', emulated)).to.equal('device-failed');
    expect(codeOf('webgpu-software', none)).to.equal('device-failed');
  });

  it('takes an emulated GPU only when asked for one', () => {
    expect(codeOf('webgpu-software', emulated)).to.equal('webgpu');
  });

  it('gives no reason when wasm was asked for', () => {
    expect(chooseDevice('wasm', gpu({}))).to.deep.equal({ device: 'wasm', f16: false });
  });
});

describe('findGpu()', () => {
  it('tells an emulated adapter from a real one', async () => {
    const found = await findGpu();
    // Headless browsers without a GPU offer SwiftShader here.
    if (/swiftshader/i.test(found.note)) expect(found.software).to.equal(true);
    expect(found.note).not.to.equal('');
  });
});
