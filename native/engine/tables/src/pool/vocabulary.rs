/// Bytes kept for the text of a word, and copied for every word: a fixed width is one or two vector moves.
pub(super) const SLOT: usize = 32;

/// The words by number.
pub(super) struct Vocabulary {
    lengths: [u8; 256],
    /// Text of word `w` from `w * SLOT`, zeros after it; one spare slot, so that a slot can be read from its middle.
    text: Vec<u8>,
    count: usize,
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self { lengths: [0; 256], text: vec![0; 257 * SLOT], count: 0 }
    }
}

impl Vocabulary {
    /// The number of a word, which is given one when it is new.
    pub(super) fn number(&mut self, word: &str) -> Result<u8, String> {
        if let Some(known) = (0..self.count).find(|&number| self.word(number as u8) == word.as_bytes()) {
            return Ok(known as u8);
        }
        if !word.is_ascii() || word.is_empty() || word.len() > SLOT {
            return Err(format!("dbgen's grammar has the word {word:?}; 1 to {SLOT} ASCII letters were expected"));
        }
        let number = u8::try_from(self.count).map_err(|_| "dbgen's grammar has more than 256 words".to_string())?;
        self.lengths[self.count] = word.len() as u8;
        self.text[self.count * SLOT..][..word.len()].copy_from_slice(word.as_bytes());
        self.count += 1;
        Ok(number)
    }

    fn word(&self, number: u8) -> &[u8] {
        &self.text[number as usize * SLOT..][..self.length(number)]
    }

    /// Bytes of a word.
    #[inline(always)]
    pub(super) fn length(&self, number: u8) -> usize {
        self.lengths[number as usize] as usize
    }

    /// The text of a word from byte `skip` of it, and whatever follows.
    #[inline(always)]
    pub(super) fn text(&self, number: u8, skip: usize) -> &[u8; SLOT] {
        let from = number as usize * SLOT + skip;
        // A slice of SLOT bytes is an array of SLOT bytes.
        self.text[from..from + SLOT].try_into().expect("SLOT bytes")
    }
}
