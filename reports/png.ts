/** Charts as PNG, by the same configurations as the page's. */

import { createRequire } from 'node:module';
import type { ChartConfiguration } from 'chart.js';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import type { Chart } from './charts/chart.js';
import { marksPlugin, painted, setDefaults } from './charts/paint.js';
import { LIGHT, type Palette } from './page/palette.js';

const FAMILY = 'DejaVu Sans';
const WIDTH = 900;
/** Room for the title. */
const TITLE_HEIGHT = 36;
/** Drawn at twice the size, for sharp text. */
const PIXEL_RATIO = 2;

const require = createRequire(import.meta.url);

interface Canvas {
  readonly GlobalFonts: { registerFromPath(path: string, family: string): unknown };
}

/** A machine may have no fonts at all. Registered in that very canvas that chartjs-node-canvas draws on. */
function registerFonts(): void {
  const theirs = createRequire(require.resolve('chartjs-node-canvas'));
  const { GlobalFonts } = theirs('canvas') as Canvas;
  for (const file of ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf']) {
    const key = GlobalFonts.registerFromPath(require.resolve(`dejavu-fonts-ttf/ttf/${file}`), FAMILY);
    if (key === null || key === false) throw new Error(`the font ${file} of dejavu-fonts-ttf could not be registered`);
  }
}

const colour = (name: string): string => (LIGHT as Palette & { readonly [name: string]: string })[name] ?? name;

function withTitle(config: ChartConfiguration, title: string): ChartConfiguration {
  const { options = {} } = config;
  const heading = { display: true, text: title, font: { size: 16, weight: 'bold' as const }, padding: 10 };
  return {
    ...config,
    options: { ...options, devicePixelRatio: PIXEL_RATIO, plugins: { ...options.plugins, title: heading } },
  };
}

let registered = false;

/** A PNG of one chart; `subject` stands in its title, since a picture stands alone. */
export function chartPng(chart: Chart, subject: string): Buffer {
  if (!registered) registerFonts();
  registered = true;
  const canvas = new ChartJSNodeCanvas({
    width: WIDTH,
    height: chart.height + TITLE_HEIGHT,
    backgroundColour: LIGHT['--ground'],
    plugins: { modern: [marksPlugin()] },
    chartCallback: ({ defaults }) => {
      setDefaults(defaults, colour, FAMILY);
    },
  });
  const config = painted(chart.config, colour) as ChartConfiguration;
  return canvas.renderToBufferSync(withTitle(config, `${chart.title}, ${subject}`));
}
