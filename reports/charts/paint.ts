/**
 * What the page and the PNG do alike to a configuration before Chart.js draws it. The page inlines these functions as they are compiled, so
 * they refer to nothing outside themselves.
 */

import type { Chart as Drawing, Plugin } from 'chart.js';

/** The same configuration, all its colours by their values: texts that begin with `--`. */
export function painted<Config>(config: Config, colour: (name: string) => string): Config {
  const paint = (value: unknown): unknown => {
    if (typeof value === 'string') return value.startsWith('--') ? colour(value) : value;
    if (Array.isArray(value)) return value.map(paint);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, paint(inner)]));
  };
  return paint(config) as Config;
}

/** A vertical line at a place of the x axis, and what it says. */
export interface Mark {
  readonly x: number;
  readonly label: string;
}

/** Draws `options.plugins.marks.of`. */
export function marksPlugin(): Plugin {
  return {
    id: 'marks',
    afterDatasetsDraw(chart: Drawing, _event: unknown, options: { of?: Mark[]; color?: string }) {
      const { ctx, chartArea, scales } = chart;
      const [across] = Object.values(scales).filter((scale) => scale.isHorizontal());
      if (across === undefined || options.of === undefined) return;
      ctx.save();
      ctx.strokeStyle = options.color ?? 'red';
      ctx.fillStyle = options.color ?? 'red';
      ctx.lineWidth = 1.5;
      ctx.font = '600 12px ' + (chart.options.font?.family ?? 'sans-serif');
      for (const mark of options.of) {
        const x = across.getPixelForValue(mark.x);
        ctx.setLineDash([5, 3]);
        ctx.beginPath();
        ctx.moveTo(x, chartArea.top);
        ctx.lineTo(x, chartArea.bottom);
        ctx.stroke();
        // On the side where there is room.
        const right = x < (chartArea.left + chartArea.right) / 2;
        ctx.textAlign = right ? 'left' : 'right';
        ctx.fillText(mark.label, x + (right ? 5 : -5), chartArea.top + 12);
      }
      ctx.restore();
    },
  };
}

/** Colours and type that every chart begins with. */
export function setDefaults(defaults: typeof Drawing.defaults, colour: (name: string) => string, family: string): void {
  defaults.color = colour('--ink');
  defaults.borderColor = colour('--grid');
  defaults.font.family = family;
  defaults.font.size = 12;
  defaults.animation = false;
  defaults.maintainAspectRatio = false;
  defaults.scale.ticks.color = colour('--ink');
  defaults.plugins.legend.labels.boxWidth = 14;
  defaults.plugins.legend.labels.boxHeight = 8;
  // A dataset without a name shares the name of another.
  defaults.plugins.legend.labels.filter = (item) => item.text !== '';
}
