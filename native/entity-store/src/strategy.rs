use serde::{Deserialize, Serialize};

use crate::error::Error;

/// How a scan is done: seven switches. All off is the baseline; every combination gives the same rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Strategy {
    /// Rows go on one by one as the store gives them; off: all are collected first.
    pub iterate: bool,
    /// All columns are built in one pass over the rows; off: a pass for each column.
    pub one_pass: bool,
    /// Only columns that are asked for are read and built; off: all, and those asked for are taken from the batches.
    pub projection: bool,
    /// Rows are tested as they are read, and nothing is read beyond the last that counts; off: a second list of those that pass.
    pub filter_in_scan: bool,
    /// A batch ends after some rows; off: one batch.
    pub batches: bool,
    /// Arrays and batches are made without checks.
    pub unchecked: bool,
    /// All batches share one schema; off: each has a copy of its own.
    pub shared_schema: bool,
}

/// Number of switches.
pub const SWITCHES: u32 = 7;

impl Strategy {
    /// All off.
    pub const BASELINE: Self = Self::of_bits(0);

    /// All on.
    pub const FULL: Self = Self::of_bits(u32::MAX);

    /// The switches in the order of their declaration, the first as the lowest bit.
    #[must_use]
    pub const fn of_bits(bits: u32) -> Self {
        Self {
            iterate: bits & 1 != 0,
            one_pass: bits & 2 != 0,
            projection: bits & 4 != 0,
            filter_in_scan: bits & 8 != 0,
            batches: bits & 16 != 0,
            unchecked: bits & 32 != 0,
            shared_schema: bits & 64 != 0,
        }
    }

    /// Reads an object of switches; those that it does not name are off.
    ///
    /// # Errors
    /// Where it names another switch, or one is neither true nor false.
    pub fn parse(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|error| {
            Error::misuse(format!(
                "the strategy {text} cannot be read: {error}; expected an object of true and false for iterate, onePass, projection, \
                 filterInScan, batches, unchecked, sharedSchema"
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{SWITCHES, Strategy};

    #[test]
    fn bits_and_json_are_two_ways_to_say_the_same() {
        for bits in 0..1 << SWITCHES {
            let strategy = Strategy::of_bits(bits);
            let text = serde_json::to_string(&strategy).expect("plain data");
            assert_eq!(text.matches("true").count() as u32, bits.count_ones());
            assert_eq!(Strategy::parse(&text), Ok(strategy));
        }
        assert_eq!(Strategy::parse("{}"), Ok(Strategy::BASELINE));
        let error = Strategy::parse(r#"{"fast":true}"#).expect_err("no switch");
        assert!(error.to_string().contains("unknown field `fast`"), "{error}");
    }
}
