//! Typed minimum and maximum, and their text.

use arrow::datatypes::i256;
use std::cmp::Ordering;

/// A value that has an order. Variants of the same type compare; others do not.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// bool.
    Boolean(bool),
    /// Signed integers, times, timestamps and durations.
    Signed(i64),
    /// Unsigned integers.
    Unsigned(u64),
    /// Floats, widened to double; never NaN.
    Float(f64),
    /// decimal32, decimal64 and decimal128.
    Decimal {
        /// The value times 10^scale.
        unscaled: i128,
        /// Digits after the point.
        scale: i8,
    },
    /// decimal256.
    Decimal256 {
        /// The value times 10^scale.
        unscaled: i256,
        /// Digits after the point.
        scale: i8,
    },
    /// date32: days since 1970-01-01.
    Date32(i32),
    /// date64: milliseconds since 1970-01-01.
    Date64(i64),
    /// Strings, as the bytes that were found.
    Utf8(Vec<u8>),
    /// Binary of fixed and of variable size.
    Binary(Vec<u8>),
}

impl Scalar {
    /// Order of two values of one type; `None` for values of different types.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        Some(match (self, other) {
            (Self::Boolean(left), Self::Boolean(right)) => left.cmp(right),
            (Self::Signed(left), Self::Signed(right)) | (Self::Date64(left), Self::Date64(right)) => left.cmp(right),
            (Self::Unsigned(left), Self::Unsigned(right)) => left.cmp(right),
            (Self::Float(left), Self::Float(right)) => left.total_cmp(right),
            (Self::Decimal { unscaled: left, scale: l }, Self::Decimal { unscaled: right, scale: r }) if l == r => {
                left.cmp(right)
            }
            (Self::Decimal256 { unscaled: left, scale: l }, Self::Decimal256 { unscaled: right, scale: r })
                if l == r =>
            {
                left.cmp(right)
            }
            (Self::Date32(left), Self::Date32(right)) => left.cmp(right),
            (Self::Utf8(left), Self::Utf8(right)) | (Self::Binary(left), Self::Binary(right)) => left.cmp(right),
            _ => return None,
        })
    }

    /// The value as DIGEST.md writes it.
    pub fn to_text(&self) -> String {
        match self {
            Self::Boolean(value) => value.to_string(),
            Self::Signed(value) => value.to_string(),
            Self::Unsigned(value) => value.to_string(),
            Self::Float(value) => float_text(*value),
            Self::Decimal { unscaled, scale } => decimal_text(&unscaled.to_string(), *scale),
            Self::Decimal256 { unscaled, scale } => decimal_text(&unscaled.to_string(), *scale),
            Self::Date32(days) => date_text(i64::from(*days)),
            Self::Date64(milliseconds) if milliseconds % 86_400_000 == 0 => date_text(milliseconds / 86_400_000),
            Self::Date64(milliseconds) => milliseconds.to_string(),
            Self::Utf8(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Self::Binary(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }
}

/// Puts the point into the decimal digits of an unscaled value.
fn decimal_text(unscaled: &str, scale: i8) -> String {
    let (sign, digits) = unscaled.strip_prefix('-').map_or(("", unscaled), |digits| ("-", digits));
    let places = usize::from(scale.unsigned_abs());
    if scale < 0 && digits != "0" {
        return format!("{sign}{digits}{}", "0".repeat(places));
    }
    if scale <= 0 {
        return unscaled.to_string();
    }
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    format!("{sign}{whole}.{fraction}")
}

/// Days since 1970-01-01 in the proleptic Gregorian calendar
/// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
fn date_text(days: i64) -> String {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let sign = if year < 0 { "-" } else { "" };
    format!("{sign}{:04}-{month:02}-{day:02}", year.abs())
}

/// Number::toString of ECMAScript, except that −0.0 keeps its sign.
fn float_text(value: f64) -> String {
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_string();
    }
    let shortest = format!("{:e}", value.abs());
    // Of two equally short texts ECMAScript takes the nearer, and the even one of two as near; rounding to as many digits does that.
    let decimals = shortest.find('e').unwrap_or(0).saturating_sub(2);
    let rounded = format!("{:.decimals$e}", value.abs());
    let scientific = if rounded.parse() == Ok(value.abs()) { rounded } else { shortest };
    let sign = if value.is_sign_negative() { "-" } else { "" };
    // `{:e}` of a finite float always holds an exponent.
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let digits = mantissa.replace('.', "");
    let count = digits.len() as i32;
    let point = exponent.parse::<i32>().unwrap_or(0) + 1;
    if count <= point && point <= 21 {
        format!("{sign}{digits}{}", "0".repeat((point - count) as usize))
    } else if 0 < point && point <= 21 {
        let (whole, fraction) = digits.split_at(point as usize);
        format!("{sign}{whole}.{fraction}")
    } else if -6 < point && point <= 0 {
        format!("{sign}0.{}{digits}", "0".repeat(-point as usize))
    } else {
        let exponent = point - 1;
        let direction = if exponent < 0 { '-' } else { '+' };
        format!("{sign}{mantissa}e{direction}{}", exponent.abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_written_as_ecmascript_does() {
        let expected = [
            (0.0, "0"),
            (-0.0, "-0"),
            (1.5, "1.5"),
            (-123456.0, "-123456"),
            (1e21, "1e+21"),
            (123456789012345680000.0, "123456789012345680000"),
            (1.5e-7, "1.5e-7"),
            (0.000001, "0.000001"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (-0.001_252_174_377_441_406_3, "-0.0012521743774414062"),
            (f64::NEG_INFINITY, "-Infinity"),
        ];
        for (value, text) in expected {
            assert_eq!(float_text(value), text);
        }
    }

    #[test]
    fn decimals_have_their_scale() {
        let expected = [
            ("90100", 2, "901.00"),
            ("-5", 2, "-0.05"),
            ("0", 3, "0.000"),
            ("12", 0, "12"),
            ("12", -2, "1200"),
            ("0", -2, "0"),
        ];
        for (unscaled, scale, text) in expected {
            assert_eq!(decimal_text(unscaled, scale), text);
        }
    }

    #[test]
    fn dates_are_gregorian() {
        let expected = [
            (0, "1970-01-01"),
            (8035, "1992-01-01"),
            (11016, "2000-02-29"),
            (-719_528, "0000-01-01"),
            (-719_529, "-0001-12-31"),
            (2_932_897, "10000-01-01"),
        ];
        for (days, text) in expected {
            assert_eq!(date_text(days), text);
        }
    }
}
