//! The committed vectors, which the plain TypeScript implementation gives too.

#[path = "support/described.rs"]
mod described;

use serde_json::{Value, json};
use writeproof_digest::TableDigest;

#[test]
fn every_vector_has_its_sums() {
    let vectors: Value = serde_json::from_str(include_str!("../../../../test/digest/vectors.json")).expect("JSON");
    let vectors = vectors.as_array().expect("an array");
    assert_eq!(vectors.len(), 39);
    for vector in vectors {
        let (digest, segments) = described::digest(&vector["table"]);
        assert_eq!(json!({ "digest": digest, "segments": segments }), vector["expected"], "{}", vector["name"]);
        let read: TableDigest = serde_json::from_value(vector["expected"]["digest"].clone()).expect("a digest");
        assert_eq!(read, digest);
    }
}

#[test]
fn a_sum_that_is_not_32_digits_is_refused() {
    let vectors: Value = serde_json::from_str(include_str!("../../../../test/digest/vectors.json")).expect("JSON");
    let mut digest = vectors[1]["expected"]["digest"].clone();
    digest["multiset"] = json!("12");
    let error = serde_json::from_value::<TableDigest>(digest).expect_err("two digits are not a sum").to_string();
    assert_eq!(error, "a sum has 32 lower-case hexadecimal digits, not \"12\"");
}
