import { alignmentToOnnx, compose, cycle, forecast, invert, loadAlignment, reportMarkdown } from '@cognate/aligner';
import type { Alignment } from '@cognate/core';
import { handOver } from '../boundary/serve.ts';
import type { FitResult, TrainingService } from '../shared/training.ts';

/** What is done with alignment files, with pairs before there is one, and with reports after. */
export const alignmentFiles: Pick<
  TrainingService,
  'forecast' | 'compose' | 'invert' | 'cycle' | 'exportOnnx' | 'reportMarkdown'
> = {
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
  reportMarkdown: ({ report, names }) => reportMarkdown(report, names),
};

/** As it crosses to the page. */
export function saved(alignment: Alignment, warning?: string): FitResult {
  const bytes = alignment.save();
  return handOver({ alignment: bytes, report: alignment.report, warning }, [bytes.buffer]);
}
