import { alignmentToOnnx, compose, cycle, forecast, invert, loadAlignment } from '@cognate/aligner';
import type { Alignment } from '@cognate/core';
import { handOver } from '../boundary/serve.ts';
import type { FitResult, TrainingService } from '../shared/training.ts';

/** What is done with alignment files, and with pairs before there is one. */
export const alignmentFiles: Pick<TrainingService, 'forecast' | 'compose' | 'invert' | 'cycle' | 'exportOnnx'> = {
  forecast: ({ source, target, settings }, options) => forecast(source, target, { ...settings, ...options }),
  compose: async ({ links, settings }, options) =>
    saved(
      await compose(
        links.map((bytes) => loadAlignment(bytes)),
        { ...settings, ...options },
      ),
    ),
  invert: ({ bytes }) => saved(invert(loadAlignment(bytes))),
  cycle: ({ bytes, points }, { signal }) => cycle(loadAlignment(bytes), points, { signal }),
  exportOnnx({ bytes, from }) {
    const onnx = alignmentToOnnx(loadAlignment(bytes), from);
    return handOver(onnx, [onnx.buffer]);
  },
};

/** As it crosses to the page. */
export function saved(alignment: Alignment, warning?: string): FitResult {
  const bytes = alignment.save();
  return handOver({ alignment: bytes, report: alignment.report, warning }, [bytes.buffer]);
}
