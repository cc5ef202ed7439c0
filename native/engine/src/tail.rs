//! The end of what a command prints, in bounded memory.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

/// The last bytes of a stream, readable while a thread still fills it.
#[derive(Debug, Clone)]
pub struct Tail {
    last: Arc<Mutex<Vec<u8>>>,
}

impl Tail {
    /// Reads the stream to its end on a thread of its own, so that the command never waits for room in the pipe.
    pub fn follow(mut stream: impl Read + Send + 'static, keep_bytes: usize) -> (Self, std::thread::JoinHandle<()>) {
        let tail = Self { last: Arc::default() };
        let filling = tail.clone();
        let thread = std::thread::spawn(move || {
            let mut block = vec![0_u8; 64 << 10];
            while let Ok(count @ 1..) = stream.read(&mut block) {
                let mut last = filling.last.lock().unwrap_or_else(PoisonError::into_inner);
                last.extend_from_slice(&block[..count]);
                let excess = last.len().saturating_sub(keep_bytes);
                last.drain(..excess);
            }
        });
        (tail, thread)
    }

    /// What came last, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.last.lock().unwrap_or_else(PoisonError::into_inner)).trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_last_bytes_only() {
        let text: String = (0..100_000).map(|number| format!("{number}\n")).collect();
        let (tail, thread) = Tail::follow(std::io::Cursor::new(text), 12);
        thread.join().expect("reading does not panic");
        assert_eq!(tail.text(), "99998\n99999");
    }
}
