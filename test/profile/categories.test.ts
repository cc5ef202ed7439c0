import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Misuse } from '../../harness/misuse.js';
import { categorise, parseRules, readRules, type Rule } from '../../harness/profile/categories.js';
import { mergeStacks } from '../../harness/profile/with-profile.js';
import { CATEGORIES, type Category, type SampledStacks } from '../../harness/types.js';

const RULES: readonly Rule[] = [
  { category: 'memory', pattern: '^copy$', note: 'copies' },
  { category: 'statistics and hashing', pattern: '^format/stats', note: 'before the rest of the format' },
  { category: 'encoding', pattern: '^format/', note: 'the rest' },
];

/** Stacks from lists of names, innermost first. */
function sampled(...stacks: readonly (readonly [samples: number, ...names: readonly string[]])[]): SampledStacks {
  const frames = [...new Set(stacks.flatMap(([, ...names]) => names))];
  return {
    hz: 250,
    dropped: 0,
    frames,
    stacks: stacks.map(([samples, ...names]) => ({ samples, frames: names.map((name) => frames.indexOf(name)) })),
  };
}

/** The category that one frame alone has under the committed rules. */
function categoryOf(frame: string): Category | 'none' {
  const { categories } = categorise(sampled([1, frame]), readRules());
  return CATEGORIES.find((category) => categories[category] === 1) ?? 'none';
}

test('the committed rules are well-formed, and every category is used', () => {
  const rules = readRules();
  assert.deepEqual([...new Set(rules.map(({ category }) => category))].sort(), [...CATEGORIES].sort());
  assert.equal(new Set(rules.map(({ pattern }) => pattern)).size, rules.length);
});

test('rules that are not well-formed are refused by their number', () => {
  const good = { category: 'io', pattern: 'x', note: 'y' };
  const bad = [
    { ...good, category: 'work' },
    { ...good, pattern: '' },
    { ...good, note: undefined },
    { ...good, pattern: '(' },
  ];
  const said = bad.map((rule) => {
    try {
      parseRules(JSON.stringify({ rules: [good, rule] }));
    } catch (error) {
      if (error instanceof Misuse) return error.message;
    }
    return 'not refused';
  });
  assert.match(said[0] ?? '', /^Rule 2 .* has the category "work": expected one of encoding, /);
  assert.match(said[1] ?? '', /^Rule 2 .* lacks its pattern or its note/);
  assert.match(said[2] ?? '', /^Rule 2 .* lacks its pattern or its note/);
  assert.match(said[3] ?? '', /^Rule 2 .* no regular expression/);
});

test('the innermost frame that a rule matches decides, and of rules for one frame the first', () => {
  const stacks = sampled(
    [4, 'copy', 'format/page', 'main'],
    [3, 'helper', 'format/stats/min', 'format/page', 'main'],
    [2, 'format/page', 'format/stats/min'],
    [1, 'mystery', 'main'],
  );
  const profile = categorise(stacks, RULES);
  assert.deepEqual(profile, {
    samples: 10,
    hz: 250,
    dropped: 0,
    categories: {
      encoding: 0.2,
      'statistics and hashing': 0.3,
      memory: 0.4,
      generation: 0,
      'hand-over': 0,
      io: 0,
      'waiting and other': 0,
    },
    unclassifiedShare: 0.1,
    topUnclassified: ['mystery'],
  });
});

test('unclassified frames are told, most frequent first, and a stack without any is one', () => {
  const { unclassifiedShare, topUnclassified } = categorise(sampled([1, 'b'], [5, 'a', 'main'], [2]), RULES);
  assert.deepEqual([unclassifiedShare, topUnclassified], [1, ['a', '[no frame]', 'b']]);
  assert.deepEqual(categorise(sampled(), RULES).unclassifiedShare, 0);
});

test('samples of several workers are those of one', () => {
  const one = sampled([1, 'copy'], [2, 'format/page', 'copy']);
  const other = { ...sampled([3, 'format/stats', 'x']), dropped: 7 };
  const merged = mergeStacks([one, other]);
  assert.ok(merged !== null);
  const { samples, dropped, categories } = categorise(merged, RULES);
  assert.deepEqual([samples, dropped], [6, 7]);
  assert.deepEqual(
    [categories.memory, categories.encoding, categories['statistics and hashing']],
    [1 / 6, 2 / 6, 3 / 6],
  );
  assert.equal(mergeStacks([]), null);
});

test('frames as they are named have the category that is meant', () => {
  const frames: readonly (readonly [frame: string, category: Category | 'none'])[] = [
    ['memmove-vec-unaligned-erms.S __memcpy_avx512_unaligned_erms', 'memory'],
    ['memcpy', 'memory'],
    ['malloc.c _int_malloc', 'memory'],
    ['malloc.c __GI___libc_free', 'memory'],
    ['core/src/ptr/mod.rs copy_nonoverlapping', 'memory'],
    ['pwrite64.c __libc_pwrite64', 'io'],
    ['__write', 'io'],
    ['fsync', 'io'],
    ['pread64.c __libc_pread64', 'none'],
    ['core/src/ptr/mod.rs write', 'none'],
    ['core/src/slice/cmp.rs compare', 'none'],
    ['parquet/src/arrow/arrow_writer/byte_array.rs compute_min_max', 'statistics and hashing'],
    ['parquet/src/arrow/arrow_writer/byte_array.rs encode', 'encoding'],
    ['hashbrown/src/table.rs entry', 'statistics and hashing'],
    ['snap/src/compress.rs hash', 'encoding'],
    ['tpchgen/src/random.rs next_int', 'generation'],
    ['tables/src/prepared/read.rs fill', 'generation'],
    ['engine/src/handover.rs copy', 'hand-over'],
    ['engine/src/through_library.rs pass', 'none'],
    ['clock_gettime', 'waiting and other'],
  ];
  assert.deepEqual(
    frames.map(([frame]) => [frame, categoryOf(frame)]),
    frames,
  );
});
