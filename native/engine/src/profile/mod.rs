//! Samples where this process spends its CPU time: SIGPROF after every few milliseconds of it, of whatever thread runs.
//!
//! A well-kept profiler is there (pprof), and does not fit: it skips the C library, where copies and allocations happen, or
//! unwinds under locks of the loader, and drops samples while another is taken.

mod names;
mod sampler;

use std::collections::HashMap;

use serde::Serialize;

pub use sampler::{HZ, Sampler};

/// What was sampled, for the harness to put into categories.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Samples asked for, a second of CPU time; the kernel takes them at its ticks.
    pub hz: u32,
    /// Samples that found no room.
    pub dropped: u64,
    /// Demangled names, inlined functions too, that `stacks` refer to.
    pub frames: Vec<String>,
    /// Stacks with how often they were seen.
    pub stacks: Vec<Stack>,
}

/// A stack that was seen.
#[derive(Debug, Serialize)]
pub struct Stack {
    /// How often.
    pub samples: u64,
    /// Indices into `frames`, the innermost first.
    pub frames: Vec<usize>,
}

impl Profile {
    /// Names the frames of raw stacks. Needs every library in its place.
    fn of(raw: &[&[usize]], dropped: u64) -> Self {
        let named = names::of(raw.iter().flat_map(|stack| stack.iter().copied()));
        let mut frames = Vec::new();
        let mut index_of = HashMap::<&str, usize>::new();
        let mut counts = HashMap::<Vec<usize>, u64>::new();
        for stack in raw {
            let names = stack.iter().flat_map(|address| named.get(address).into_iter().flatten());
            let indices = names.map(|name| {
                *index_of.entry(name).or_insert_with(|| {
                    frames.push(name.clone());
                    frames.len() - 1
                })
            });
            *counts.entry(indices.collect()).or_default() += 1;
        }
        let mut stacks: Vec<Stack> = counts.into_iter().map(|(frames, samples)| Stack { samples, frames }).collect();
        stacks.sort_by(|one, other| other.samples.cmp(&one.samples).then_with(|| one.frames.cmp(&other.frames)));
        Self { hz: HZ, dropped, frames, stacks }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::now_ns;

    #[inline(never)]
    fn burn_in_a_function_of_its_own(until_ns: u64) -> u64 {
        let mut value = 1_u64;
        while now_ns() < until_ns {
            for _ in 0..10_000 {
                value = std::hint::black_box(value.wrapping_mul(3));
            }
        }
        value
    }

    #[test]
    fn threads_are_sampled_and_named() {
        let sampler = Sampler::start().expect("this machine can sample");
        let until = now_ns() + 500_000_000;
        let other = std::thread::spawn(move || {
            let mut block = vec![1_u8; 1 << 22];
            while now_ns() < until {
                let copy = std::hint::black_box(block.clone());
                block.copy_from_slice(&copy);
            }
        });
        std::hint::black_box(burn_in_a_function_of_its_own(until));
        other.join().expect("it does not panic");
        let profile = sampler.end();
        let of = |wanted: &str| -> u64 {
            let has = |stack: &&Stack| stack.frames.iter().any(|&frame| profile.frames[frame].contains(wanted));
            profile.stacks.iter().filter(has).map(|stack| stack.samples).sum()
        };
        let innermost = |wanted: &str| {
            profile
                .stacks
                .iter()
                .any(|stack| stack.frames.first().is_some_and(|&frame| profile.frames[frame].contains(wanted)))
        };
        assert_eq!(profile.dropped, 0);
        assert!(of("burn_in_a_function_of_its_own") > 0, "{:?}", profile.frames);
        assert!(innermost("memcpy") || innermost("memmove"), "{:?}", profile.frames);
        let all: u64 = profile.stacks.iter().map(|stack| stack.samples).sum();
        assert!(all > 10, "{all}");
    }
}
