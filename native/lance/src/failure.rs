//! Errors of Lance as those of the header.

use std::error::Error as _;

use writeproof_abi::Error;

/// With the errno of the call that failed, where an error of the system lies beneath.
pub fn of(error: lance_core::Error) -> Error {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(errno) = inner.downcast_ref::<std::io::Error>().and_then(std::io::Error::raw_os_error) {
            return Error::with_errno(errno, error);
        }
        cause = inner.source();
    }
    Error::new(error)
}
