/** The look of all pages. */

import { DARK, LIGHT, variables } from './palette.js';

export const STYLE = `
:root { ${variables(LIGHT)}; color-scheme: light; }
@media (prefers-color-scheme: dark) { :root:not([data-theme=light]) { ${variables(DARK)}; color-scheme: dark; } }
:root[data-theme=dark] { ${variables(DARK)}; color-scheme: dark; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; }
.page { max-width: 1280px; margin: 0 auto; padding: 1.25rem 1.5rem 4rem; }
.skip { position: absolute; left: -999px; top: 0; background: var(--ground); color: var(--link); padding: .5rem 1rem; z-index: 3; }
.skip:focus { left: .5rem; top: .5rem; }
a { color: var(--link); text-underline-offset: .15em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; overflow-wrap: anywhere; }
h1 { font-size: 1.05rem; font-weight: 600; color: var(--muted); margin: 0; }
h2 { font-size: 1.35rem; margin: 2.75rem 0 .75rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 { font-size: 1.08rem; margin: 1.5rem 0 .5rem; }
h4 { font-size: 1rem; margin: 0 0 .1rem; }
p { margin: .4rem 0; max-width: 80ch; overflow-wrap: anywhere; }
code, .id { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: .92em; }
.muted, figcaption p, caption { color: var(--muted); }
.top { display: flex; gap: 1rem; align-items: baseline; justify-content: space-between; flex-wrap: wrap; }
button, input, select { font: inherit; color: var(--ink); background: var(--ground); border: 1px solid var(--muted); border-radius: 5px; padding: .3rem .6rem; }
button { cursor: pointer; }
html:not(.js) .controls { display: none; }
.verdict { margin: .9rem 0 1rem; padding: .9rem 1.1rem; border-left: 6px solid; border-radius: 4px; font-size: 1.5rem; line-height: 1.3; font-weight: 650; max-width: none; }
.verdict.good { color: var(--good); background: var(--good-ground); border-color: var(--good); }
.verdict.bad { color: var(--bad); background: var(--bad-ground); border-color: var(--bad); }
.verdict.care { color: var(--care); background: var(--care-ground); border-color: var(--care); }
.verdict .mark { margin-right: .5rem; }
.facts { display: flex; flex-wrap: wrap; gap: .4rem 2.2rem; margin: 0; }
.facts div { min-width: 0; }
.facts dt { color: var(--muted); font-size: .8rem; }
.facts dd { margin: 0; font-size: 1.1rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.contents { margin: 1rem 0 0; }
.contents ul { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; margin: 0; padding: 0; list-style: none; }
.problem { border: 1px solid var(--bad); border-left-width: 6px; border-radius: 4px; background: var(--bad-ground); padding: .7rem 1rem .8rem; margin: .8rem 0; }
.problem h3 { margin: 0 0 .3rem; color: var(--bad); font-size: 1rem; }
.problem .status { color: var(--bad); }
.problem table { background: var(--ground); }
.notice { border-left: 6px solid var(--care); background: var(--care-ground); border-radius: 4px; padding: .5rem 1rem; margin: .8rem 0; }
.notice ul, .plain { margin: .3rem 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
.status { font-weight: 600; white-space: nowrap; }
.status.verified { color: var(--good); }
.status.corrupt, .status.failed, .status.crashed, .status.timeout { color: var(--bad); }
.status.skipped { color: var(--care); }
s { color: var(--muted); }
.scroll { overflow-x: auto; max-width: 100%; position: relative; }
table { border-collapse: collapse; font-size: .87rem; font-variant-numeric: tabular-nums; min-width: 100%; }
caption { text-align: left; padding: .2rem 0 .4rem; }
caption span { position: sticky; left: 0; display: inline-block; max-width: calc(100vw - 3rem); }
th, td { text-align: left; padding: .3rem .65rem; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { border-bottom: 2px solid var(--line); font-weight: 600; color: var(--muted); white-space: nowrap; vertical-align: bottom; }
tbody th { font-weight: 500; }
.figure { text-align: right; white-space: nowrap; }
tbody tr:hover { background: var(--raised); }
.wrap td { overflow-wrap: anywhere; min-width: 7rem; }
.cases tbody th { position: sticky; left: 0; background: var(--ground); min-width: 17.5rem; max-width: 24rem; overflow-wrap: anywhere; }
.cases thead th:first-child { position: sticky; left: 0; background: var(--ground); z-index: 1; }
.cases tbody tr:hover th { background: var(--raised); }
.sortable thead th { cursor: pointer; }
.sortable thead th::after { content: '\\2195'; margin-left: .3rem; opacity: .45; }
.sortable thead th[aria-sort=descending]::after { content: '\\25BC'; opacity: 1; }
.sortable thead th[aria-sort=ascending]::after { content: '\\25B2'; opacity: 1; }
tr[hidden] { display: none; }
.filters { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; margin: .6rem 0; }
.filters label { display: grid; font-size: .8rem; color: var(--muted); }
.filters input { width: 18rem; max-width: 100%; }
.later { content-visibility: auto; contain-intrinsic-size: auto 1200px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1.5rem 2rem; margin: .6rem 0 1rem; }
figure { margin: 0; min-width: 0; }
figcaption p { margin: 0 0 .4rem; font-size: .85rem; }
.canvas { position: relative; width: 100%; }
html:not(.js) .canvas { display: none; }
details > summary { cursor: pointer; }
summary h3 { display: inline; }
.group { margin: .4rem 0; }
.group > summary { padding: .35rem 0; border-bottom: 1px solid var(--line); }
figure details { font-size: .85rem; margin-top: .3rem; }
figure summary { color: var(--link); }
figure td { white-space: normal; min-width: 5rem; }
.machine { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .6rem 2rem; margin: 0; }
.machine dt { color: var(--muted); font-size: .8rem; }
.machine dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 40rem) {
  .page { padding: .9rem .8rem 3rem; }
  .verdict { font-size: 1.2rem; padding: .7rem .8rem; }
  .facts { gap: .4rem 1.4rem; }
  .filters { display: grid; grid-template-columns: 1fr 1fr; }
  .filters label:first-child { grid-column: 1 / -1; }
  .filters input, .filters select { width: 100%; }
  .cases tbody th { min-width: 9rem; max-width: 9rem; }
  caption span { max-width: calc(100vw - 1.6rem); }
  .problem { padding: .6rem .7rem; }
}
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  :root, :root[data-theme=dark] { ${variables(LIGHT)}; color-scheme: light; }
  body { font-size: 10pt; }
  .page { max-width: none; padding: 0; }
  .controls, .skip, .contents, .sortable thead th::after { display: none; }
  html.js figure details { display: none; }
  details::details-content { content-visibility: visible; display: block; }
  .later { content-visibility: visible; }
  .scroll { overflow: visible; }
  table { font-size: 6.6pt; min-width: 0; width: 100%; }
  th, td { padding: .12rem .25rem; }
  .cases tbody th { position: static; min-width: 0; }
  thead { display: table-header-group; }
  tr[hidden] { display: table-row; }
  tr, figure, .problem, .facts div { break-inside: avoid; }
  h2, h3, h4, summary { break-after: avoid; }
  .charts { grid-template-columns: 1fr 1fr; }
  canvas { max-width: 100%; height: auto !important; }
  .canvas { height: auto !important; }
  .verdict, .problem, .notice { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;
