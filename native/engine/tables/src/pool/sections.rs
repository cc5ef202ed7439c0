use std::sync::Mutex;
use std::thread;

use super::grammar::{Grammar, PHRASE_WORDS, Part, Phrase, Table};
use super::vocabulary::Vocabulary;
use super::{INDEX_SHIFT, INSIDE_BITS, POOL_BYTES};
use crate::lcg::Lcg;

/// Where a section starts: a sentence at a multiple of the index's step, so that sections share no entry of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Split {
    /// Bytes of text before it.
    pub(super) text: usize,
    /// Words before it.
    pub(super) words: usize,
    /// State of the random numbers.
    pub(super) seed: u64,
}

/// The pool is one stream of random numbers, whose state at a later sentence can only be known by walking to it. These are the states at
/// the starts of eight sections, so that threads can write them at once; each section must end in the state that the next begins with.
/// The last entry is the first sentence that begins at or after the pool's end.
pub(super) const SPLITS: [Split; 9] = [
    Split { text: 0, words: 0, seed: 933_588_178 },
    Split { text: 39_328_128, words: 5_372_234, seed: 1_700_099_620 },
    Split { text: 78_652_288, words: 10_741_677, seed: 927_743_214 },
    Split { text: 117_967_232, words: 16_110_719, seed: 1_943_210_509 },
    Split { text: 157_294_080, words: 21_481_647, seed: 289_377_689 },
    Split { text: 196_611_584, words: 26_850_140, seed: 1_609_158_830 },
    Split { text: 235_929_728, words: 32_219_114, seed: 378_066_434 },
    Split { text: 275_276_800, words: 37_591_207, seed: 1_414_533_092 },
    Split { text: 314_572_806, words: 42_956_237, seed: 161_738_484 },
];

/// Words kept free after a section, because phrases write all their slots whatever their length. They are then set to
/// [`EMPTY`], which readers pass over.
const GAP: usize = 32;
/// A number that no word has, of no bytes.
const EMPTY: u8 = 255;
/// More words than a sentence writes: five parts of four words at most.
const SENTENCE_WORDS: usize = 24;

/// Writes sentences into a section's share of the words and of the index.
pub(super) struct Section<'a> {
    grammar: &'a Grammar,
    vocabulary: &'a Vocabulary,
    stream: Lcg,
    text: usize,
    words_before: usize,
    /// Number of the first word of `words`, and of the first entry of `index`.
    first_word: usize,
    first_entry: usize,
    written: usize,
    words: &'a mut [u8],
    index: &'a mut [u32],
}

impl<'a> Section<'a> {
    /// A section at `start`, whose words begin at number `first_word` of all that are kept.
    fn new(
        grammar: &'a Grammar,
        vocabulary: &'a Vocabulary,
        start: Split,
        first_word: usize,
        words: &'a mut [u8],
        index: &'a mut [u32],
    ) -> Self {
        Self {
            grammar,
            vocabulary,
            stream: Lcg::new(start.seed),
            text: start.text,
            words_before: start.words,
            first_word,
            first_entry: start.text >> INDEX_SHIFT,
            written: 0,
            words,
            index,
        }
    }

    /// Where the next sentence would start.
    fn position(&self) -> Split {
        Split { text: self.text, words: self.words_before + self.written, seed: self.stream.seed() }
    }

    /// Puts a word at `place` words and `text` bytes; returns the text's new length. Of the words that begin at or before an entry's
    /// position the last one is written last, and it is the one that holds the position: no test is needed.
    #[inline(always)]
    fn put(&mut self, place: usize, text: usize, word: u8) -> usize {
        self.words[place] = word;
        let entry = (text + (1 << INDEX_SHIFT) - 1) >> INDEX_SHIFT;
        let inside = (entry << INDEX_SHIFT) - text;
        if let Some(slot) = self.index.get_mut(entry - self.first_entry) {
            *slot = ((self.first_word + place) as u32) << INSIDE_BITS | (inside as u32 & ((1 << INSIDE_BITS) - 1));
        }
        text + self.vocabulary.length(word)
    }

    #[inline(always)]
    fn word(&mut self, table: &Table) {
        self.stream = self.stream.next();
        let word = table.value(self.stream.below(table.range));
        self.text = self.put(self.written, self.text, word);
        self.written += 1;
    }

    /// Writes a phrase without a branch on its length: all slots are drawn and put, then only its own words are counted.
    #[inline(always)]
    fn phrase(&mut self, choose: &Table, phrases: &[Phrase]) {
        self.stream = self.stream.next();
        let phrase = phrases[choose.value(self.stream.below(choose.range)) as usize];
        let (mut streams, mut texts) = ([self.stream; PHRASE_WORDS + 1], [self.text; PHRASE_WORDS + 1]);
        for slot in 0..PHRASE_WORDS {
            let table = &self.grammar.words[phrase.tables[slot] as usize];
            let stream = streams[slot].next();
            streams[slot + 1] = stream;
            texts[slot + 1] = self.put(self.written + slot, texts[slot], table.value(stream.below(table.range)));
        }
        (self.stream, self.text) = (streams[phrase.words], texts[phrase.words]);
        self.written += phrase.words;
    }

    /// Writes one sentence.
    fn sentence(&mut self) {
        let grammar = self.grammar;
        self.stream = self.stream.next();
        let choice = grammar.sentence.value(self.stream.below(grammar.sentence.range));
        for part in &grammar.sentences[choice as usize] {
            match part {
                Part::Noun => self.phrase(&grammar.noun_phrase, &grammar.noun_phrases),
                Part::Verb => self.phrase(&grammar.verb_phrase, &grammar.verb_phrases),
                Part::Preposition => {
                    self.word(&grammar.prepositions);
                    self.phrase(&grammar.noun_phrase, &grammar.noun_phrases);
                }
                Part::Terminator => self.word(&grammar.terminators),
            }
        }
    }

    /// Writes until `end`, which must be reached exactly.
    fn write_until(mut self, end: Split) -> Result<(), String> {
        while self.text < end.text && self.written + SENTENCE_WORDS < self.words.len() {
            self.sentence();
        }
        let reached = self.position();
        self.words[self.written..].fill(EMPTY);
        if reached == end {
            Ok(())
        } else {
            Err(format!(
                "dbgen's text pool: a section ended at {reached:?}, expected {end:?}; the crate tpchgen has another grammar than 4.0.0"
            ))
        }
    }
}

/// The words and the index of the whole pool.
pub(super) fn write(grammar: &Grammar, vocabulary: &Vocabulary, threads: usize) -> Result<(Vec<u8>, Vec<u32>), String> {
    let end = SPLITS[SPLITS.len() - 1];
    // One byte beyond the pool is its leading space, see the module above.
    let mut index = vec![0; (POOL_BYTES >> INDEX_SHIFT) + 1];
    let mut words = vec![0; end.words + GAP * (SPLITS.len() - 1)];
    if words.len() >> (32 - INSIDE_BITS) != 0 || vocabulary.length(EMPTY) != 0 {
        return Err(format!("dbgen's text pool: {} words do not fit the index", words.len()));
    }
    let mut sections = Vec::new();
    let (mut words_left, mut index_left, mut first_word) = (&mut words[..], &mut index[..], 0);
    for pair in SPLITS.windows(2) {
        let (own_words, rest) = words_left.split_at_mut(pair[1].words - pair[0].words + GAP);
        words_left = rest;
        let entries = ((pair[1].text - pair[0].text) >> INDEX_SHIFT).min(index_left.len());
        let entries = if pair[1] == end { index_left.len() } else { entries };
        let (own_index, rest) = index_left.split_at_mut(entries);
        index_left = rest;
        let next_word = first_word + own_words.len();
        sections.push((Section::new(grammar, vocabulary, pair[0], first_word, own_words, own_index), pair[1]));
        first_word = next_word;
    }
    let queue = Mutex::new(sections);
    let panicked = || "dbgen's text pool: a thread that wrote it panicked".to_string();
    let work = || {
        loop {
            let next = queue.lock().map_err(|_| panicked())?.pop();
            let Some((section, end)) = next else { return Ok(()) };
            section.write_until(end)?;
        }
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(SPLITS.len() - 1)).map(|_| scope.spawn(work)).collect();
        let mut outcome = work();
        for other in others {
            outcome = outcome.and(other.join().unwrap_or_else(|_| Err(panicked())));
        }
        outcome
    })?;
    Ok((words, index))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Walks the whole pool in one section, and notes the first fitting sentence at or after each eighth of it.
    #[test]
    #[ignore = "long: run by npm run test:long"]
    fn splits_are_those_of_one_walk() {
        let mut vocabulary = Vocabulary::default();
        let grammar = Grammar::new(&mut vocabulary).expect("grammar");
        let (mut words, mut index) = (vec![0; 60 << 20], vec![0; (POOL_BYTES >> INDEX_SHIFT) + 1]);
        let mut walk = Section::new(&grammar, &vocabulary, SPLITS[0], 0, &mut words, &mut index);
        let mut found = vec![walk.position()];
        while walk.text <= POOL_BYTES {
            walk.sentence();
            if walk.text.is_multiple_of(1 << INDEX_SHIFT)
                && walk.text >= POOL_BYTES / 8 * found.len()
                && found.len() < 8
            {
                found.push(walk.position());
            }
        }
        found.push(walk.position());
        assert_eq!(found, SPLITS);
    }
}
