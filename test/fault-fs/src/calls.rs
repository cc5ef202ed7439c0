//! Calls by kind, and what is done to the n-th of them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Kinds of calls that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Call {
    Create,
    Mkdir,
    Open,
    Read,
    /// As the kernel sends it: a write(2) of more than 1 MiB is several.
    Write,
    Truncate,
    Fallocate,
    Link,
    Rename,
    Unlink,
    Rmdir,
    Fsync,
    Fsyncdir,
    /// close(2) of a descriptor.
    Flush,
    /// In a rule: any call that changes the disk, or what of it is durable.
    Change,
}

impl Call {
    fn changes(self) -> bool {
        !matches!(self, Self::Open | Self::Read | Self::Flush | Self::Change)
    }
}

/// What is done instead of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Effect {
    /// It fails with this errno.
    Errno(i32),
    /// A write takes about half of what it was given.
    Short,
    /// The power fails before it: it fails with EIO, and so does all that follows.
    Cut,
}

/// What is done to which calls.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    /// Which kind.
    pub call: Call,
    /// From 1.
    pub nth: u64,
    /// So many calls from the n-th on; absent: all of them.
    #[serde(default)]
    pub times: Option<u64>,
    /// What is done.
    pub effect: Effect,
}

/// Counts, and rules that go by them.
#[derive(Debug, Default)]
pub struct Calls {
    rules: Vec<Rule>,
    counts: BTreeMap<Call, u64>,
}

impl Calls {
    /// None counted yet.
    pub fn new(rules: Vec<Rule>) -> Self {
        Self { rules, counts: BTreeMap::new() }
    }

    /// Counts a call, and says what is done to it.
    pub fn count(&mut self, call: Call) -> Option<Effect> {
        let mut hit = None;
        for kind in [call, Call::Change] {
            if kind == Call::Change && !call.changes() {
                continue;
            }
            let count = self.counts.entry(kind).or_default();
            *count += 1;
            let count = *count;
            let applies = |rule: &&Rule| {
                let end = rule.times.map_or(u64::MAX, |times| rule.nth.saturating_add(times));
                rule.call == kind && (rule.nth..end).contains(&count)
            };
            hit = hit.or_else(|| self.rules.iter().find(applies).map(|rule| rule.effect));
        }
        hit
    }

    /// So far.
    pub fn counts(&self) -> &BTreeMap<Call, u64> {
        &self.counts
    }
}

/// Bytes that a short write takes: about half. Under O_DIRECT whole blocks, as a disk does; None where there is no less.
pub fn short_of(length: usize, direct: bool) -> Option<usize> {
    const BLOCK: usize = 4096;
    let half = if direct { length / 2 / BLOCK * BLOCK } else { length / 2 };
    (half > 0).then_some(half)
}

#[cfg(test)]
mod tests {
    use super::{Call, Calls, Effect, Rule, short_of};

    fn rule(call: Call, nth: u64, times: Option<u64>) -> Rule {
        Rule { call, nth, times, effect: Effect::Errno(28) }
    }

    #[test]
    fn the_nth_call_of_a_kind_is_hit_and_no_other() {
        let mut calls = Calls::new(vec![rule(Call::Write, 2, Some(1))]);
        let hits = [Call::Write, Call::Create, Call::Write, Call::Write].map(|call| calls.count(call).is_some());
        assert_eq!(hits, [false, false, true, false]);
    }

    #[test]
    fn without_times_every_later_call_is_hit_too() {
        let mut calls = Calls::new(vec![rule(Call::Write, 2, None)]);
        assert_eq!([(); 3].map(|()| calls.count(Call::Write).is_some()), [false, true, true]);
    }

    #[test]
    fn changes_are_counted_over_all_kinds_that_change_something() {
        let mut calls = Calls::new(vec![rule(Call::Change, 3, Some(1))]);
        let hits =
            [Call::Create, Call::Read, Call::Write, Call::Flush, Call::Fsync].map(|call| calls.count(call).is_some());
        assert_eq!(hits, [false, false, false, false, true]);
        assert_eq!(calls.counts().get(&Call::Change), Some(&3));
    }

    #[test]
    fn a_short_write_takes_something_and_not_all() {
        assert_eq!([1, 2, 4096, 10_000].map(|length| short_of(length, false)), [None, Some(1), Some(2048), Some(5000)]);
        assert_eq!([4096, 8192, 20_480].map(|length| short_of(length, true)), [None, Some(4096), Some(8192)]);
    }
}
