/** What must be on the machine before anything else, and the command that installs what is missing. */
import { spawnSync } from 'node:child_process';

const NODE_AT_LEAST = [20, 19];
const RUST_AT_LEAST = [1, 94];

/**
 * First line that a command prints, or null when it cannot be run.
 * @param {string} command
 * @param {string[]} args
 */
export function firstLine(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8' });
  return result.status === 0 ? (result.stdout.split('\n')[0] ?? '') : null;
}

/**
 * @param {string} version
 * @param {number[]} wanted
 */
function isAtLeast(version, wanted) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = wanted;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/**
 * Every prerequisite that is missing, a sentence each.
 * @param {{ node: string, rustc: string | null, cargo: string | null, compiler: string | null, git: string | null, platform: string }} found
 * @returns {string[]}
 */
export function missing(found) {
  const rustup = "curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh";
  const sentences = [];
  if (found.platform !== 'linux') {
    sentences.push(`writeproof runs on Linux; this is ${found.platform}.`);
  }
  if (!isAtLeast(found.node, NODE_AT_LEAST)) {
    sentences.push(
      `Node.js ${NODE_AT_LEAST.join('.')} or newer is needed, this is ${found.node}. Install it: nvm install 22 (or your distribution's package nodejs)`,
    );
  }
  if (found.cargo === null || found.rustc === null) {
    sentences.push(
      `Rust ${RUST_AT_LEAST.join('.')} or newer is needed, cargo or rustc was not found. Install it: ${rustup}`,
    );
  } else if (!isAtLeast(/rustc (\d+\.\d+)/.exec(found.rustc)?.[1] ?? '0.0', RUST_AT_LEAST)) {
    sentences.push(
      `Rust ${RUST_AT_LEAST.join('.')} or newer is needed, this is "${found.rustc}". Update it: rustup update stable`,
    );
  }
  if (found.compiler === null) {
    sentences.push('A C and C++ compiler is needed, cc and c++ were not found. Install them: sudo apt-get install g++');
  }
  if (found.git === null) {
    sentences.push('git is needed and was not found. Install it: sudo apt-get install git');
  }
  return sentences;
}

/** Looks at this machine; prints what is missing and ends with exit code 1 when anything is. */
export function requirePrerequisites() {
  const cc = firstLine('cc', ['--version']);
  const cxx = firstLine('c++', ['--version']);
  const sentences = missing({
    node: process.versions.node,
    rustc: firstLine('rustc', ['--version']),
    cargo: firstLine('cargo', ['--version']),
    compiler: cc === null || cxx === null ? null : cxx,
    git: firstLine('git', ['--version']),
    platform: process.platform,
  });
  if (sentences.length > 0) {
    console.error(sentences.join('\n'));
    process.exit(1);
  }
}
