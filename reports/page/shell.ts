/** The document round a page: one file, which the policy in it keeps from loading anything. */

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { marksPlugin, painted, setDefaults } from '../charts/paint.js';
import { chartDrawer, filterCases, openForPrint, showLater, start, themeButton } from './script.js';
import { Html, html } from './html.js';
import { STYLE } from './style.js';

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const require = createRequire(import.meta.url);

/** Chart.js does not export the file for browsers; it lies beside its main file. */
const chartFile = (): string => path.join(path.dirname(require.resolve('chart.js')), 'chart.umd.min.js');
const sortFile = (name: string): string => require.resolve(`sortable-tablesort/dist/${name}`);

/** A file of a package as a script, without the line that names its source map. */
function inlined(file: string): Html {
  const text = readFileSync(file, 'utf8');
  const map = text.lastIndexOf('//# sourceMappingURL=');
  return script(map < 0 ? text : text.slice(0, map));
}

function script(text: string): Html {
  if (text.toLowerCase().includes('</script')) throw new Error('a script of the page holds the end of a script');
  return new Html(`<script>${text}</script>\n`);
}

/** Our own functions, as they are compiled: they refer to each other and to nothing else. */
const OWN = [painted, marksPlugin, setDefaults, chartDrawer, filterCases, openForPrint, showLater, themeButton, start];

/** `data` is what the scripts draw; without it Chart.js is left out. */
export function documentHtml(title: string, body: Html, data: Html): string {
  const charts = data.text === '' ? new Html('') : inlined(chartFile());
  const { text } = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${new Html(POLICY)}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · writeproof</title>
        <style>
          ${new Html(STYLE)}
        </style>
        ${script("document.documentElement.classList.add('js');")}
      </head>
      <body>
        <a class="skip" href="#main">To the report</a>
        <div class="page">
          <header class="top">
            <h1>writeproof <span class="id">${title}</span></h1>
            <button type="button" class="controls" data-theme-button></button>
          </header>
          <main id="main" tabindex="-1">${body}</main>
        </div>
        ${data}${charts}${inlined(sortFile('sortable.min.js'))}${inlined(sortFile('sortable.a11y.min.js'))}${script(`${OWN.map(String).join('\n')}\nstart();`)}
      </body>
    </html> `;
  return text;
}
