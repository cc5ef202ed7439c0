//! Ranges of keys.

/// Keys of rows begin with this letter.
const FIRST: u8 = b'g';

/// Keys from `lower` on, below `upper`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first key that may be in it.
    pub lower: Vec<u8>,
    /// The first key behind it.
    pub upper: Vec<u8>,
}

impl Range {
    /// The keys of all rows.
    #[must_use]
    pub fn all() -> Self {
        Self { lower: vec![FIRST], upper: vec![FIRST + 1] }
    }

    /// The keys of rows that begin with `prefix`.
    #[must_use]
    pub fn of_prefix(prefix: &str) -> Self {
        let all = Self::all();
        let mut upper = prefix.as_bytes().to_vec();
        // Bytes of UTF-8 are below 255.
        match upper.last_mut() {
            Some(last) => *last += 1,
            None => return all,
        }
        Self { lower: prefix.as_bytes().to_vec().max(all.lower), upper: upper.min(all.upper) }
    }

    /// Whether no key can be in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lower >= self.upper
    }
}

#[cfg(test)]
mod tests {
    use super::Range;

    #[test]
    fn a_prefix_is_a_range_among_the_keys_of_rows() {
        let range = |prefix| {
            let Range { lower, upper } = Range::of_prefix(prefix);
            [lower, upper].map(|key| String::from_utf8(key).expect("text"))
        };
        assert_eq!(range("g07/"), ["g07/", "g070"]);
        assert_eq!(range("g"), ["g", "h"]);
        assert_eq!(range(""), ["g", "h"]);
        assert!(Range::of_prefix("!").is_empty() && Range::of_prefix("x").is_empty());
        assert!(!Range::of_prefix("g0").is_empty());
    }
}
