//! The wire format of Protocol Buffers, as far as messages are taken apart and put together here.

use std::ops::Range;

use writeproof_abi::Error;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    Number(u64),
    /// Of a text, message or packed list, within what was read.
    Bytes(Range<usize>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Field {
    pub number: u64,
    pub value: Value,
    /// With its key.
    pub whole: Range<usize>,
}

/// Reads the number at `place`, and steps behind it.
pub(crate) fn varint(bytes: &[u8], place: &mut usize) -> Result<u64, Error> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.get(*place).ok_or_else(|| Error::new(format!("a number ends at byte {place}")))?;
        *place += 1;
        value |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok(value);
        }
    }
    Err(Error::new(format!("byte {place}: expected a number of at most ten bytes")))
}

/// A number in at least `least` bytes.
pub(crate) fn number(mut value: u64, least: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 || bytes.len() + 1 < least {
        bytes.push((value & 0x7f) as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

/// The fields of the message that lies at `within`.
pub(crate) fn fields(bytes: &[u8], within: Range<usize>) -> Result<Vec<Field>, Error> {
    let mut found = Vec::new();
    let mut place = within.start;
    while place < within.end {
        let start = place;
        let key = varint(bytes, &mut place)?;
        let length = match key & 7 {
            0 => {
                let value = Value::Number(varint(bytes, &mut place)?);
                found.push(Field { number: key >> 3, value, whole: start..place });
                continue;
            }
            1 => 8,
            2 => usize::try_from(varint(bytes, &mut place)?).map_err(Error::new)?,
            5 => 4,
            wire => return Err(Error::new(format!("byte {start}: a field of unknown wire type {wire}"))),
        };
        let end = place.checked_add(length).filter(|end| *end <= within.end);
        let end = end.ok_or_else(|| Error::new(format!("byte {start}: a field of {length} bytes is too long")))?;
        found.push(Field { number: key >> 3, value: Value::Bytes(place..end), whole: start..end });
        place = end;
    }
    Ok(found)
}

/// Where each field of that number lies that is no number.
pub(crate) fn parts(bytes: &[u8], within: Range<usize>, number: u64) -> Result<Vec<Range<usize>>, Error> {
    let part = |field: Field| match field.value {
        Value::Bytes(range) if field.number == number => Some(range),
        _ => None,
    };
    Ok(fields(bytes, within)?.into_iter().filter_map(part).collect())
}

/// The message with one field in place of another, or with none.
pub(crate) fn replaced(message: &[u8], whole: &Range<usize>, field: &[u8]) -> Vec<u8> {
    [&message[..whole.start], field, &message[whole.end..]].concat()
}

/// A field that holds a number.
pub(crate) fn number_field(field: u64, value: u64) -> Vec<u8> {
    [number(field << 3, 1), number(value, 1)].concat()
}

/// A field that holds a message.
pub(crate) fn message_field(field: u64, message: &[u8]) -> Vec<u8> {
    [&number(field << 3 | 2, 1)[..], &number(message.len() as u64, 1), message].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_together_is_taken_apart() {
        let message = [number_field(1, 300), message_field(2, b"text"), number_field(16, 0)].concat();
        let found = fields(&message, 0..message.len()).unwrap();
        let numbers: Vec<_> = found.iter().map(|field| (field.number, field.value.clone())).collect();
        assert_eq!(numbers, [(1, Value::Number(300)), (2, Value::Bytes(5..9)), (16, Value::Number(0))]);
        assert_eq!(parts(&message, 0..message.len(), 2).unwrap(), vec![Range { start: 5, end: 9 }]);
        let without = replaced(&message, &found[1].whole, &[]);
        assert_eq!(without, [number_field(1, 300), number_field(16, 0)].concat());
        assert!(fields(&message, 0..message.len() - 4).is_err());
    }

    #[test]
    fn a_number_may_take_more_bytes_than_it_needs() {
        for (value, least) in [(0, 1), (0, 3), (127, 1), (128, 1), (128, 4), (u64::MAX, 1)] {
            let bytes = number(value, least);
            assert!(bytes.len() >= least);
            let mut place = 0;
            assert_eq!((varint(&bytes, &mut place).unwrap(), place), (value, bytes.len()));
        }
    }
}
