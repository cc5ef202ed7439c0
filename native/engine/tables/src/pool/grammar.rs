use tpchgen::distribution::{Distribution, Distributions};

use super::vocabulary::Vocabulary;

/// Longest phrase of the grammar, in words.
pub(super) const PHRASE_WORDS: usize = 3;

/// A drawn number to one of its weighted values.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    /// Numbers to draw from.
    pub(super) range: u64,
    values: Vec<u8>,
}

impl Table {
    fn new(
        distribution: &Distribution,
        mut value: impl FnMut(usize, &str) -> Result<u8, String>,
    ) -> Result<Self, String> {
        let mut values = Vec::new();
        for index in 0..distribution.size() {
            let number = value(index, distribution.get_value(index))?;
            // Weights are cumulative.
            values.resize(distribution.get_weight(index) as usize, number);
        }
        Ok(Self { range: values.len() as u64, values })
    }

    /// The value of a number below `range`.
    #[inline(always)]
    pub(super) fn value(&self, drawn: u64) -> u8 {
        self.values[drawn as usize]
    }
}

/// A phrase: which table each word comes from. Tables beyond `words` are read and thrown away.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phrase {
    pub(super) words: usize,
    pub(super) tables: [u8; PHRASE_WORDS],
}

/// A part of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Noun,
    Verb,
    Preposition,
    Terminator,
}

/// dbgen's grammar over numbered words.
pub(super) struct Grammar {
    pub(super) sentence: Table,
    pub(super) sentences: Vec<Vec<Part>>,
    pub(super) noun_phrase: Table,
    pub(super) noun_phrases: Vec<Phrase>,
    pub(super) verb_phrase: Table,
    pub(super) verb_phrases: Vec<Phrase>,
    /// Words by kind, as [`Phrase::tables`] numbers them.
    pub(super) words: Vec<Table>,
    /// Each followed by " the".
    pub(super) prepositions: Table,
    pub(super) terminators: Table,
}

/// Kinds of words: their place in [`Grammar::words`].
const NOUN: u8 = 0;
const ADJECTIVE: u8 = 1;
const ADJECTIVE_COMMA: u8 = 2;
const ADVERB: u8 = 3;
const VERB: u8 = 4;
const AUXILIARY: u8 = 5;

fn phrase(syntax: &str) -> Result<Phrase, String> {
    let unknown = || {
        format!("dbgen's grammar has the phrase {syntax:?}; at most {PHRASE_WORDS} of N, J, D, V and X were expected")
    };
    let mut tables = Vec::new();
    for symbol in syntax.chars() {
        match symbol {
            'N' => tables.push(NOUN),
            'J' => tables.push(ADJECTIVE),
            'D' => tables.push(ADVERB),
            'V' => tables.push(VERB),
            'X' => tables.push(AUXILIARY),
            ' ' => {}
            ',' if tables.last() == Some(&ADJECTIVE) => {
                tables.pop();
                tables.push(ADJECTIVE_COMMA);
            }
            _ => return Err(unknown()),
        }
    }
    let words = tables.len();
    tables.resize(PHRASE_WORDS.max(words), NOUN);
    Ok(Phrase { words, tables: tables.try_into().map_err(|_| unknown())? })
}

fn sentence(syntax: &str) -> Result<Vec<Part>, String> {
    let part = |symbol| match symbol {
        "N" => Ok(Part::Noun),
        "V" => Ok(Part::Verb),
        "P" => Ok(Part::Preposition),
        "T" => Ok(Part::Terminator),
        _ => Err(format!("dbgen's grammar has the sentence {syntax:?}; N, V, P and T were expected")),
    };
    syntax.split(' ').map(part).collect()
}

/// The syntaxes of a distribution, and the table that draws one of them.
fn syntaxes<T>(source: &Distribution, parse: impl Fn(&str) -> Result<T, String>) -> Result<(Table, Vec<T>), String> {
    let table = Table::new(source, |index, _| Ok(index as u8))?;
    Ok((table, source.get_values().iter().map(|syntax| parse(syntax)).collect::<Result<_, _>>()?))
}

impl Grammar {
    /// The grammar of the generator's distributions, whose words get numbers.
    pub(super) fn new(vocabulary: &mut Vocabulary) -> Result<Self, String> {
        let source = Distributions::static_default();
        let mut table = |distribution: &Distribution, before: &str, after: &str| {
            Table::new(distribution, |_, word| vocabulary.number(&format!("{before}{word}{after}")))
        };
        // In the order of the kinds above.
        let words = vec![
            table(source.nouns(), " ", "")?,
            table(source.adjectives(), " ", "")?,
            table(source.adjectives(), " ", ",")?,
            table(source.adverbs(), " ", "")?,
            table(source.verbs(), " ", "")?,
            table(source.auxiliaries(), " ", "")?,
        ];
        let prepositions = table(source.prepositions(), " ", " the")?;
        let terminators = table(source.terminators(), "", "")?;
        let (sentence, sentences) = syntaxes(source.grammar(), sentence)?;
        let (noun_phrase, noun_phrases) = syntaxes(source.noun_phrase(), phrase)?;
        let (verb_phrase, verb_phrases) = syntaxes(source.verb_phrase(), phrase)?;
        Ok(Self {
            sentence,
            sentences,
            noun_phrase,
            noun_phrases,
            verb_phrase,
            verb_phrases,
            words,
            prepositions,
            terminators,
        })
    }
}
