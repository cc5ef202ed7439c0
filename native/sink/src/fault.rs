//! Failures on demand, between the sink and the kernel, so that tests see short writes and errors that disks seldom give.
//!
//! Always compiled, so that what is tested is what is shipped, and reached through a hidden constructor only: neither the
//! environment nor an option leads here.

/// Failures to come. The default has none.
#[doc(hidden)]
#[derive(Clone, Debug, Default)]
pub struct Fault {
    /// Rules, tried in this order.
    pub rules: Vec<Rule>,
    /// Registration of buffers fails with this errno.
    pub registration_errno: Option<i32>,
    /// Set-up of io_uring fails with this errno.
    pub ring_errno: Option<i32>,
    /// Preallocation fails with this errno.
    pub preallocation_errno: Option<i32>,
    /// No completion is seen, and waiting for one fails with this errno, as where the ring itself fails.
    pub completion_errno: Option<i32>,
}

/// Applies to the writes that cover `offset`, `times` times.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Rule {
    /// Offset in the file, bytes.
    pub offset: u64,
    /// What happens.
    pub effect: Effect,
    /// How often.
    pub times: u32,
}

/// What happens to a write.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub enum Effect {
    /// Ends after so many bytes. Of these, whole blocks only reach the file, as under O_DIRECT.
    Short(usize),
    /// Writes up to the rule's offset, and fails there with this errno, as a full disk does.
    Errno(i32),
}

/// What to do instead of a write.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Bytes to write in fact.
    pub transfer: usize,
    /// Result to report in place of the kernel's: bytes, or -errno.
    pub result: Option<i32>,
}

impl Fault {
    /// Decides on a write of `length` bytes at `offset`.
    pub(crate) fn plan(&mut self, offset: u64, length: usize, alignment: usize) -> Plan {
        let end = offset + length as u64;
        for rule in &mut self.rules {
            if rule.times == 0 || rule.offset < offset || rule.offset >= end {
                continue;
            }
            // Below `length`, a usize, because the rule's offset is inside the write.
            let before = (rule.offset - offset) as usize;
            match rule.effect {
                Effect::Short(bytes) => {
                    rule.times -= 1;
                    let bytes = bytes.min(length);
                    return Plan { transfer: bytes - bytes % alignment, result: Some(bytes as i32) };
                }
                Effect::Errno(_) if before >= alignment => {
                    let bytes = before - before % alignment;
                    return Plan { transfer: bytes, result: Some(bytes as i32) };
                }
                Effect::Errno(errno) => {
                    rule.times -= 1;
                    return Plan { transfer: 0, result: Some(-errno) };
                }
            }
        }
        Plan { transfer: length, result: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{Effect, Fault, Plan, Rule};

    #[test]
    fn an_error_inside_a_write_is_preceded_by_the_blocks_before_it() {
        let rule = Rule { offset: 10_000, effect: Effect::Errno(28), times: 1 };
        let mut fault = Fault { rules: vec![rule], ..Fault::default() };
        assert_eq!(fault.plan(0, 8192, 4096), Plan { transfer: 8192, result: None });
        assert_eq!(fault.plan(0, 16_384, 4096), Plan { transfer: 8192, result: Some(8192) });
        assert_eq!(fault.plan(8192, 8192, 4096), Plan { transfer: 0, result: Some(-28) });
        assert_eq!(fault.plan(8192, 8192, 4096), Plan { transfer: 8192, result: None });
    }
}
