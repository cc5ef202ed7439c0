use std::io::Write;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int32Type, Int64Type};

use crate::{Request, SourceError, generated};

/// Writes a table as dbgen's `.tbl` text: a pipe after every value, money with two decimals, ISO dates. It is rendered from the Arrow
/// batches, so that its SHA-1 proves them.
///
/// # Errors
/// When rows cannot be generated or text not written.
pub fn write_tbl(request: &Request, output: &mut dyn Write) -> Result<(), SourceError> {
    let mut source = generated(request)?;
    let mut text = Vec::new();
    while let Some(batch) = source.next()? {
        text.clear();
        render(&batch, &mut text)?;
        output.write_all(&text).map_err(|error| SourceError::new(format!("cannot write .tbl text: {error}")))?;
    }
    Ok(())
}

/// The one decimal that dbgen writes without decimals: it is always whole.
const WHOLE_MONEY: &str = "l_quantity";

fn render(batch: &RecordBatch, text: &mut Vec<u8>) -> Result<(), SourceError> {
    let schema = batch.schema();
    for row in 0..batch.num_rows() {
        for (column, field) in batch.columns().iter().zip(schema.fields()) {
            value(column.as_ref(), row, field.name() == WHOLE_MONEY, text)?;
            text.push(b'|');
        }
        text.push(b'\n');
    }
    Ok(())
}

fn value(column: &dyn Array, row: usize, is_whole: bool, text: &mut Vec<u8>) -> Result<(), SourceError> {
    match column.data_type() {
        DataType::Int64 => whole(column.as_primitive::<Int64Type>().value(row), 1, text),
        DataType::Int32 => whole(i64::from(column.as_primitive::<Int32Type>().value(row)), 1, text),
        DataType::Decimal128(15, 2) => {
            // Values of the tables fit 64 bits.
            let hundredths = column.as_primitive::<Decimal128Type>().value(row) as i64;
            if is_whole && hundredths % 100 == 0 { whole(hundredths / 100, 1, text) } else { money(hundredths, text) }
        }
        DataType::Date32 => date(i64::from(column.as_primitive::<Date32Type>().value(row)), text),
        DataType::Utf8 => text.extend_from_slice(column.as_string::<i32>().value(row).as_bytes()),
        other => return Err(SourceError::new(format!("a column of type {other} has no .tbl text"))),
    }
    Ok(())
}

/// A whole number with at least `width` digits.
fn whole(number: i64, width: usize, text: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let (mut rest, mut first) = (number.unsigned_abs(), 20);
    while rest > 0 || 20 - first < width {
        first -= 1;
        digits[first] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    if number < 0 {
        text.push(b'-');
    }
    text.extend_from_slice(&digits[first..]);
}

fn money(hundredths: i64, text: &mut Vec<u8>) {
    if hundredths < 0 {
        text.push(b'-');
    }
    whole((hundredths / 100).abs(), 1, text);
    text.push(b'.');
    whole((hundredths % 100).abs(), 2, text);
}

/// Days since 1970 as a date of the Gregorian calendar, counted in years that begin in March ("chrono-compatible low-level date
/// algorithms", H. Hinnant).
fn date(days: i64, text: &mut Vec<u8>) {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    whole(year_of_era + era * 400 + i64::from(month <= 2), 4, text);
    text.push(b'-');
    whole(month, 2, text);
    text.push(b'-');
    whole(day_of_year - (153 * shifted_month + 2) / 5 + 1, 2, text);
}

#[cfg(test)]
mod tests {
    use super::{date, money, whole};

    fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut text = Vec::new();
        write(&mut text);
        String::from_utf8(text).expect("ASCII")
    }

    #[test]
    fn numbers_are_written_as_dbgen_writes_them() {
        assert_eq!([0, 7, -12, i64::MIN].map(|n| text(|t| whole(n, 1, t))), ["0", "7", "-12", "-9223372036854775808"]);
        assert_eq!(
            [0, 4, -4, 1_234, -99_999].map(|n| text(|t| money(n, t))),
            ["0.00", "0.04", "-0.04", "12.34", "-999.99"]
        );
    }

    #[test]
    fn dates_are_written_as_dbgen_writes_them() {
        let expected = ["1970-01-01", "1992-01-01", "1992-02-29", "1998-12-31", "2000-02-29", "1969-12-31"];
        assert_eq!([0, 8_035, 8_094, 10_591, 11_016, -1].map(|day| text(|t| date(day, t))), expected);
    }
}
