//! dbgen's pool of 300 MiB of random text, kept as one byte a word.
//!
//! Every comment is a slice of the pool. The pool is sentences of a small grammar over fewer than 256 words, so that a word's number takes a
//! sixth of its text: about 60 MiB with an index, and far less to write than the text. A slice is found through the index, and decoded.
//! A word's text begins with the space before it ("the text of the words" is the pool with one space in front), punctuation has none.

mod decode;
mod grammar;
mod sections;
mod vocabulary;

use std::sync::OnceLock;

pub(crate) use decode::Slice;

use crate::SourceError;
use grammar::Grammar;
use vocabulary::Vocabulary;

/// Bytes of text that dbgen's pool has.
pub(crate) const POOL_BYTES: usize = 300 << 20;
/// Bytes of text between two entries of the index, as a shift.
const INDEX_SHIFT: usize = 7;
/// Low bits of an index entry: bytes of the word before the entry's position.
const INSIDE_BITS: u32 = 6;

/// The pool: words, and where in them to start looking for a position.
pub(crate) struct Pool {
    vocabulary: Vocabulary,
    words: Vec<u8>,
    /// Entry `e`: number of the word that holds byte `e << INDEX_SHIFT`, and how far into the word that is.
    index: Vec<u32>,
}

static SHARED: OnceLock<Result<Pool, String>> = OnceLock::new();

impl Pool {
    /// The pool of this process, built by the first caller.
    pub(crate) fn shared(threads: usize) -> Result<&'static Self, SourceError> {
        SHARED.get_or_init(|| Self::build(threads)).as_ref().map_err(SourceError::new)
    }

    /// Builds the pool.
    pub(crate) fn build(threads: usize) -> Result<Self, String> {
        let mut vocabulary = Vocabulary::default();
        let grammar = Grammar::new(&mut vocabulary)?;
        let (words, index) = sections::write(&grammar, &vocabulary, threads)?;
        Ok(Self { vocabulary, words, index })
    }
}
