//! Headers of Parquet pages: Thrift's compact protocol, as far as it takes to step over one.

/// Page types of parquet.thrift that hold values of rows: DATA_PAGE and DATA_PAGE_V2.
const DATA_PAGES: [i64; 2] = [0, 3];

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PageHeader {
    pub header_bytes: u64,
    /// As it lies in the file.
    pub body_bytes: u64,
    pub has_rows: bool,
}

impl PageHeader {
    /// Reads the header that `bytes` begin with.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut compact = Compact(bytes);
        let (mut kind, mut body) = (None, None);
        let mut last = 0;
        while let Some((field, wire)) = compact.field(&mut last)? {
            match field {
                1 => kind = Some(compact.signed()?),
                3 => body = Some(compact.signed()?),
                _ => compact.skip(wire)?,
            }
        }
        let header_bytes = (bytes.len() - compact.0.len()) as u64;
        Some(Self { header_bytes, body_bytes: u64::try_from(body?).ok()?, has_rows: DATA_PAGES.contains(&kind?) })
    }
}

struct Compact<'a>(&'a [u8]);

impl Compact<'_> {
    fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    fn advance(&mut self, count: u64) -> Option<()> {
        self.0 = self.0.get(usize::try_from(count).ok()?..)?;
        Some(())
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// Number and type of the next field of a struct; None within at its end.
    fn field(&mut self, last: &mut i64) -> Option<Option<(i64, u8)>> {
        let head = self.byte()?;
        if head == 0 {
            return Some(None);
        }
        *last = if head >> 4 == 0 { self.signed()? } else { *last + i64::from(head >> 4) };
        Some(Some((*last, head & 0xf)))
    }

    fn skip(&mut self, wire: u8) -> Option<()> {
        match wire {
            // A bool of a struct is within its type.
            1 | 2 => Some(()),
            3 => self.advance(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.advance(8),
            8 => {
                let length = self.varint()?;
                self.advance(length)
            }
            12 => {
                let mut last = 0;
                while let Some((_, wire)) = self.field(&mut last)? {
                    self.skip(wire)?;
                }
                Some(())
            }
            // Page headers have no lists, sets or maps.
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::PageHeader;

    /// Data page, 300 bytes that take 200, a crc, and a nested header with 100 values and a text.
    const HEADER: [u8; 20] = [
        0x15, 0x00, 0x15, 0xd8, 0x04, 0x15, 0x90, 0x03, 0x15, 0x02, 0x1c, 0x15, 0xc8, 0x01, 0x18, 0x01, b'x', 0x11,
        0x00, 0x00,
    ];

    #[test]
    fn a_header_is_stepped_over() {
        let header = PageHeader::read(&[&HEADER[..], b"values"].concat());
        assert_eq!(header, Some(PageHeader { header_bytes: 20, body_bytes: 200, has_rows: true }));
        let dictionary = [0x15, 0x04, 0x15, 0x02, 0x15, 0x02, 0x00];
        assert_eq!(PageHeader::read(&dictionary), Some(PageHeader { header_bytes: 7, body_bytes: 1, has_rows: false }));
    }

    #[test]
    fn what_ends_too_early_is_no_header() {
        let whole = (0..HEADER.len()).filter(|end| PageHeader::read(&HEADER[..*end]).is_some()).count();
        assert_eq!(whole, 0);
    }
}
