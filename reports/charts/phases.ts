/** Where the time of each case went: stacked bars. */

import type { Measurement } from '../../harness/types.js';
import { secondsText } from '../format.js';
import { heightOf, slug, type Chart } from './chart.js';
import type { CaseSamples } from './samples.js';
import { inUnit, unitFor } from './units.js';

export const PHASES = ['create', 'first write', 'further writes', 'close', 'sync'] as const;

/** Parts that add up to the time until durable; what was measured to the end of the first write begins before create. */
export function phaseTimes({ phasesNs }: Measurement): readonly number[] {
  const { create, firstWrite, writes, close, sync } = phasesNs;
  const first = Math.max(0, firstWrite - create);
  return [create, first, Math.max(0, writes - first), close, sync];
}

/** The repetition in the middle by time until durable, so that its phases add up to a time that was measured. */
function phasesOf({ samples }: CaseSamples): readonly number[] {
  const sorted = [...samples].sort((one, other) => one.measurement.durableNs - other.measurement.durableNs);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  return middle === undefined ? PHASES.map(() => 0) : phaseTimes(middle.measurement);
}

export function phaseChart(group: string, cases: readonly CaseSamples[], which: string): Chart {
  const lines = cases.map((one) => ({ label: one.label, phases: phasesOf(one) }));
  const totals = lines.map(({ phases }) => phases.reduce((sum, ns) => sum + ns, 0));
  const unit = unitFor('time', Math.max(...totals));
  return {
    id: slug(`phases-${group}${which}`),
    title: `Time by phase${which}`,
    caption:
      'Of the repetition in the middle by time until durable. Writes that return at once do their work later: in close, or in our sync.',
    height: heightOf(lines),
    config: {
      type: 'bar',
      data: {
        labels: lines.map(({ label }) => [...label]),
        datasets: PHASES.map((phase, index) => ({
          label: phase,
          data: lines.map(({ phases }) => inUnit(phases[index] ?? 0, unit)),
          backgroundColor: `--phase-${index + 1}`,
          // Neighbours stay apart without their colours.
          borderColor: '--surface',
          borderWidth: { right: 1.5 },
          borderSkipped: false as const,
          barPercentage: 0.8,
        })),
      },
      options: {
        indexAxis: 'y',
        scales: {
          x: { stacked: true, title: { display: true, text: unit.name } },
          y: { stacked: true, ticks: { autoSkip: false } },
        },
      },
    },
    head: ['case', ...PHASES, 'until durable'],
    rows: lines.map(({ label, phases }, index) => [
      label.join(' '),
      ...phases.map(secondsText),
      secondsText(totals[index] ?? 0),
    ]),
  };
}
