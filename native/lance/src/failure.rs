//! Errors of Lance as those of the header.

use std::error::Error as _;

use writeproof_abi::Error;

/// What the error says, without the place in Lance's sources that it ends with.
pub fn sentence(error: &lance_core::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once(", ") {
        Some((said, place)) if place.contains(".rs:") => said.to_owned(),
        _ => text,
    }
}

/// With the errno of the call that failed, where an error of the system lies beneath.
pub fn of(error: lance_core::Error) -> Error {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(errno) = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::raw_os_error) {
            return Error::with_errno(errno, sentence(&error));
        }
        cause = inner.source();
    }
    Error::new(sentence(&error))
}
