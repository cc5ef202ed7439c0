import { SYSTEMS } from '../../suites/claims/index.js';
import { FAULTS } from '../../suites/faults/index.js';
import { REGISTRY } from '../../suites/index.js';
import type { Config } from '../config/config.js';
import { aboutConfigured } from '../config/configured.js';
import { QUERIES } from '../../suites/scans/queries.js';
import { STRATEGIES } from '../../suites/scans/strategies.js';
import { makePlan } from '../plan/plan.js';
import { oneOf } from '../plan/names.js';
import { DETECTORS } from '../types.js';
import { examples, type AddCommand } from './command.js';
import { addConfigFlag, configOf, type ConfigFlag } from './config.js';
import { addSelectionFlags, selectionOf, type SelectionFlags } from './flags.js';
import { print, printDocument } from './output.js';

const KINDS = [
  'tables',
  'writers',
  'suites',
  'cases',
  'faults',
  'claims',
  'detectors',
  'queries',
  'strategies',
] as const;

interface Entry {
  readonly name: string;
  readonly about: string;
}

function entries(kind: (typeof KINDS)[number], flags: SelectionFlags, config: Config | null): readonly Entry[] {
  switch (kind) {
    case 'tables':
      return REGISTRY.tables;
    case 'writers':
      return [
        ...REGISTRY.writers.map((writer) => ({
          name: writer.name,
          about: `${writer.about} [${writer.variants.join(', ')}]${Object.keys(writer.options).length === 0 ? '' : `; options ${Object.keys(writer.options).join(', ')}`}`,
        })),
        ...(config?.writers ?? []).map((writer) => ({
          name: writer.name,
          about: aboutConfigured(writer, config?.file ?? ''),
        })),
      ];
    case 'suites':
      return REGISTRY.suites;
    case 'cases': {
      const suites = flags.suite === undefined ? REGISTRY.suites.map((suite) => suite.name) : [flags.suite];
      return suites.flatMap((suite) =>
        makePlan(selectionOf({ ...flags, suite }), REGISTRY).cases.map((one) => ({ name: one.id, about: suite })),
      );
    }
    case 'faults':
      return FAULTS;
    case 'claims':
      return SYSTEMS.flatMap(({ claims }) =>
        claims.map(({ id, what, claimed }) => ({ name: id, about: `${what}: ${claimed.text}` })),
      );
    case 'detectors':
      return Object.entries(DETECTORS).map(([name, about]) => ({ name, about }));
    case 'queries':
      return QUERIES;
    case 'strategies':
      return STRATEGIES;
  }
}

async function list(what: string, flags: SelectionFlags & ConfigFlag & { readonly json?: true }): Promise<void> {
  const found = entries(oneOf('list', what, KINDS), flags, await configOf(flags)).map(({ name, about }) => ({
    name,
    about,
  }));
  if (flags.json === true) {
    printDocument('writeproof.list.v1', found);
    return;
  }
  const width = Math.max(0, ...found.map(({ name }) => name.length));
  for (const { name, about } of found) print(`${name.padEnd(width)}  ${about}`);
}

export const addList: AddCommand = (program) => {
  addSelectionFlags(
    addConfigFlag(
      program
        .command('list')
        .argument('<what>', KINDS.join(', '))
        .description('what there is, one line each')
        .option('--json', 'one JSON document on stdout'),
    ),
  )
    .addHelpText('after', examples(['list writers', 'list cases --suite quick --variant direct']))
    .action(list);
};
