import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escaped, html, idHtml, jsonHtml } from '../../reports/page/html.js';
import { runPage } from '../../reports/page/page.js';
import type { RunReport } from '../../reports/page/run-report.js';
import { verdictOf } from '../../reports/page/verdict.js';
import { frozen, frozenReport, REPORTED } from '../page/runs.js';
import { runReport } from '../../harness/report/run-report.js';

const mixed = frozenReport('mixed');

/** The run as if only these cases had been planned, and so many repetitions recorded. */
function only(wanted: (id: string) => boolean, recorded = Infinity): RunReport {
  const { run, records } = frozen('mixed');
  const cases = run.cases.filter(({ id }) => wanted(id));
  const order = run.order.filter((step) => wanted(step.slice(step.indexOf(':') + 1)));
  const own = records.filter((record) => wanted(record.case.id)).slice(0, recorded);
  return runReport({ ...run, cases, order }, own, REPORTED);
}

test('the verdict in a sentence', () => {
  assert.deepEqual(verdictOf(mixed), {
    kind: 'bad',
    sentence: '4 of 8 cases are not verified: 2 corrupt, 2 failed.',
  });
  assert.deepEqual(verdictOf(only((id) => id.includes('/parquet/'))), {
    kind: 'good',
    sentence: 'All 4 cases are verified.',
  });
  assert.deepEqual(verdictOf(only((id) => id.includes('/parquet/'), 0)), {
    kind: 'care',
    sentence: 'Nothing was measured. The run is not finished: 0 of 28 repetitions are recorded.',
  });
  const stopped = verdictOf(only((id) => id === 'nation@0.1/parquet/direct', 3));
  assert.deepEqual(stopped, {
    kind: 'care',
    sentence: 'The one case is verified. The run is not finished: 3 of 7 repetitions are recorded.',
  });
});

test('of a run of faults the verdict is the mutation score, and lies are no problem of the run', () => {
  const faults = frozenReport('faults');
  assert.deepEqual(verdictOf(faults), {
    kind: 'good',
    sentence: 'Mutation score: 4 of 4 cases caught (100 %); 2 cases without a fault verified.',
  });
  const page = runPage([faults]);
  assert.deepEqual([page.includes('class="problem"'), page.includes('4/4')], [false, false]);
  assert.equal(page.split('2/2 ').length - 1, 2);
});

test('of a run of claims, claimed stands beside measured, and what lies said is struck out', () => {
  const claims = frozenReport('claims');
  assert.deepEqual(
    claims.claims?.map(({ id }) => id),
    ['C-customer', 'C-customer-lance', 'C-customer-parquet'],
  );
  const page = runPage([claims]);
  assert.equal(page.includes('(refused)'), true);
  const struck = page.slice(page.indexOf('<s>') + 3, page.indexOf('</s>'));
  assert.ok(/^[\d.]+ % in [\d.]+ ms$/.test(struck), struck);
  assert.equal(page.includes('class="problem"'), false);
});

test('a page names nothing that would have to be loaded, and forbids itself to', () => {
  const page = runPage([mixed]);
  const policy =
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:";
  assert.ok(page.indexOf(policy) > 0 && page.indexOf(policy) < page.indexOf('<style>'));
  for (const loading of ['<link', ' src=', '<iframe', '@import', 'url(', 'sourceMappingURL']) {
    const places = page.split(loading).length - 1;
    // The message of a writer is text, and text of a script is none of ours.
    const meant = loading === ' src=' ? page.split('&lt;img src=').length - 1 : 0;
    assert.equal(places, meant, loading);
  }
});

test('text of records ends no element and no script', () => {
  const [page, words] = [runPage([mixed]), '</script><img src=x onerror=alert(1)>'];
  assert.equal(page.includes(words), false);
  assert.equal(page.split(escaped(words)).length - 1 > 0, true);
  assert.equal(escaped(`<a href="x">&'`), '&lt;a href=&quot;x&quot;&gt;&amp;&#39;');
  assert.equal(
    html`<p title="${'"'}">${'<b>'}${html`<i></i>`}${null}${1}</p>`.text,
    '<p title="&quot;">&lt;b&gt;<i></i>1</p>',
  );
  assert.equal(jsonHtml({ a: '</script>' }).text, '{"a":"\\u003c/script>"}');
  assert.equal(idHtml('a@1/b/<;c').text, '<span class="id">a@1/<wbr>b/<wbr>&lt;;<wbr>c</span>');
});

test('the same run gives the same page, and several runs one page with both verdicts on top', () => {
  assert.equal(runPage([mixed]), runPage([mixed]));
  const page = runPage([mixed, frozenReport('faults')]);
  const [first, second] = ['4 of 8 cases are not verified', 'Mutation score: 4 of 4'].map((text) => page.indexOf(text));
  assert.ok(first !== undefined && second !== undefined && first > 0 && second > first);
  assert.ok(second < page.indexOf('class="problem"'));
  const body = page.slice(page.indexOf('<body>'), page.indexOf('<script type="application/json"'));
  const [, ...ids] = body.split(' id="').map((part) => part.slice(0, part.indexOf('"')));
  assert.ok(ids.length > 50);
  assert.equal(new Set(ids).size, ids.length);
});
