import { methodName, type AlignmentReport, type MeasuredScores, type RetrievalScores } from '@cognate/core';

/** What to call the two sides; `source` and `target` unless told. */
export interface ReportNames {
  readonly source?: string | undefined;
  readonly target?: string | undefined;
}

/** Suspects that are listed; the data have all. */
const listed = 20;

/**
 * A report as a Markdown document: the verdict first, then the numbers behind it, each beside what chance gives. Says the
 * same as the data, less what scores are worth (`calibration`), which is for programs.
 */
export function reportMarkdown(report: AlignmentReport, names: ReportNames = {}): string {
  const [source, target] = [plain(names.source ?? 'source'), plain(names.target ?? 'target')];
  const { level, reasons } = report.verdict;
  const parts = [
    `# ${source} to ${target}: ${level}`,
    bullets(reasons),
    `Method: **${named(report.method)}**. ${plain(report.reason)}`,
    scoresPart(report, source, target),
    curvePart(report),
    suspectsPart(report, source, target),
    forecastPart(report, source, target),
    triedPart(report),
    matchingPart(report),
    cyclePart(report, source, target),
    chainPart(report),
    `Learned from ${report.trainPairs} pairs, measured on ${report.heldOutPairs}, seed ${report.seed}.`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function scoresPart(report: AlignmentReport, source: string, target: string): string {
  const { forward, backward, chance, shuffled } = report;
  if (!forward || !backward) return '';
  const columns: [string, RetrievalScores | MeasuredScores][] = [
    [`${source} to ${target}`, forward],
    [`${target} to ${source}`, backward],
    ['forward by cosine alone', forward.plain],
    ['backward by cosine alone', backward.plain],
    ...(shuffled ? [['pairs in random order', shuffled] as [string, RetrievalScores]] : []),
    ['guessing', chance],
  ];
  const recall = (name: 'recallAt1' | 'recallAt5' | 'recallAt10') => (scores: RetrievalScores | MeasuredScores) => {
    if (!('interval' in scores)) return percent(scores[name]);
    const { low, high } = scores.interval[name];
    return `${percent(scores[name])} (${percent(low)} to ${percent(high)})`;
  };
  const lines: [string, (scores: RetrievalScores | MeasuredScores) => string][] = [
    ['recall at 1', recall('recallAt1')],
    ['recall at 5', recall('recallAt5')],
    ['recall at 10', recall('recallAt10')],
    ['median rank', ({ medianRank }) => String(medianRank)],
    ['mean reciprocal rank', ({ mrr }) => mrr.toFixed(3)],
    ['FOSCTTM', ({ foscttm }) => foscttm.toFixed(3)],
  ];
  const { over, times } = forward.repeated;
  const how =
    over === 'splits' ? `fits to ${times} other splits of the pairs` : `${times} draws of the held-out queries`;
  return [
    '## How often the right answer comes up',
    table(
      ['', ...columns.map(([name]) => name)],
      lines.map(([name, cell]) => [name, ...columns.map(([, scores]) => cell(scores))]),
    ),
    `In brackets: 95 % intervals over ${how}. FOSCTTM is the share of samples nearer than the true match: 0 is perfect, ${chance.foscttm.toFixed(3)} is chance.`,
  ].join('\n\n');
}

function curvePart({ learningCurve, method: kept }: AlignmentReport): string {
  if (!learningCurve) return '';
  const { points, repeats, method, more } = learningCurve;
  const stands = method === kept ? '' : `, a quick stand-in for ${named(kept).toLowerCase()},`;
  const worth =
    more &&
    (more.gain < 0.005 ? 'worth hardly anything' : `worth about ${(100 * more.gain).toFixed(1)} points of recall at 1`);
  return [
    '## What more pairs would bring',
    table(
      ['pairs', 'recall at 1', 'recall at 10'],
      points.map(({ pairs, recallAt1, recallAt10, sd }) => [
        String(pairs),
        `${percent(recallAt1)} ± ${percent(sd)}`,
        percent(recallAt10),
      ]),
    ),
    `By ${named(method).toLowerCase()}${stands} on ${repeats} splits.${more ? ` ${more.pairs} more pairs are ${worth}.` : ''}`,
  ].join('\n\n');
}

function suspectsPart({ suspects }: AlignmentReport, source: string, target: string): string {
  if (suspects.length === 0) return '';
  const rest = suspects.length > listed ? [`${suspects.length - listed} more are in the data.`] : [];
  return [
    '## Pairs that may be mislabelled',
    'The two sides of these pairs disagree by a map that was learned from other pairs. Rows count from 0.',
    table(
      [
        'pair',
        'deviation',
        `rank among ${target}`,
        `rank among ${source}`,
        `nearest of ${target}`,
        `nearest of ${source}`,
      ],
      suspects
        .slice(0, listed)
        .map(({ pair, deviation, rank, nearest }) => [
          String(pair),
          deviation.toFixed(1),
          String(rank.forward),
          String(rank.backward),
          String(nearest.forward),
          String(nearest.backward),
        ]),
    ),
    ...rest,
  ].join('\n\n');
}

function forecastPart({ forecast }: AlignmentReport, source: string, target: string): string {
  if (!forecast) return '';
  const { cka, mutualKnn, effectiveRank, hubness, gap, pairs, outlook, reason } = forecast;
  const rows = [
    ['unbiased CKA', cka.value.toFixed(3), cka.chance.toFixed(3), cka.p.toFixed(3)],
    [
      `shared ${mutualKnn.k} nearest neighbours`,
      percent(mutualKnn.value),
      percent(mutualKnn.chance),
      mutualKnn.p.toFixed(3),
    ],
  ];
  const sides = [
    `Effective rank: ${effectiveRank.source.toFixed(0)} (${source}), ${effectiveRank.target.toFixed(0)} (${target}).`,
    `Hubness: ${hubness.source.toFixed(2)} (${source}), ${hubness.target.toFixed(2)} (${target}).`,
    ...(gap === undefined ? [] : [`Gap: ${gap.toFixed(2)}.`]),
  ];
  return [
    `## Before fitting: ${outlook}`,
    plain(reason),
    table(['', 'value', 'in random order', 'p'], rows),
    `On ${pairs} pairs. ${sides.join(' ')}`,
  ].join('\n\n');
}

function triedPart({ tried }: AlignmentReport): string {
  if (tried.length < 2) return '';
  return [
    '## What was tried',
    table(
      ['method', 'mean reciprocal rank', 'recall at 10', 'seconds'],
      tried.map(({ method, mrr, recallAt10, seconds }) => [
        named(method),
        mrr.toFixed(3),
        percent(recallAt10),
        seconds.toFixed(1),
      ]),
    ),
    'On validation pairs.',
  ].join('\n\n');
}

function matchingPart({ matching }: AlignmentReport): string {
  if (!matching) return '';
  const row = (name: string, { value, chance }: { value: number; chance: number }): string[] => [
    name,
    value.toFixed(3),
    chance.toFixed(3),
  ];
  return [
    '## What speaks for a map without pairs',
    table(
      ['', 'value', 'for a target without shape'],
      [
        row(`agreement of ${matching.runs} runs`, matching.agreement),
        row('fit of matched rows', matching.fit),
        row('CKA of matched rows', matching.cka),
        row('likeness of matched clusters', matching.clusters),
      ],
    ),
    'High numbers say that the shapes are alike, not that they mean the same: only pairs can tell that.',
  ].join('\n\n');
}

function cyclePart({ cycle }: AlignmentReport, source: string, target: string): string {
  if (!cycle) return '';
  const line = (from: string, { cosine, recallAt1, points }: { cosine: number; recallAt1: number; points: number }) =>
    `${from}: ${percent(recallAt1)} of ${points} points are still nearest to themselves, mean cosine ${cosine.toFixed(3)}`;
  return ['## There and back again', bullets([line(source, cycle.source), line(target, cycle.target)])].join('\n\n');
}

function chainPart({ chain }: AlignmentReport): string {
  if (!chain) return '';
  return [
    '## The links of this chain',
    table(
      ['from', 'to', 'method', 'recall at 10 by itself'],
      chain.map((link) => [
        plain(link.source.id),
        plain(link.target.id),
        named(link.method),
        link.recallAt10 === undefined ? 'not measured' : percent(link.recallAt10),
      ]),
    ),
  ].join('\n\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function bullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${plain(line)}`).join('\n');
}

/** What people call a method, safe to show. */
function named(method: string): string {
  return plain(methodName(method));
}

/** Names come from anywhere: what Markdown or HTML would read as a mark is shown as it is, on one line. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#&]/g, '\\$&');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
