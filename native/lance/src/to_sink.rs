//! A data file's bytes on their way to the sink.

use std::io::Write;
use std::pin::Pin;
use std::task::{Context, Poll};

use async_trait::async_trait;
use lance_core::Result;
use lance_io::object_writer::WriteResult;
use lance_io::traits::Writer;
use tokio::io::AsyncWrite;
use writeproof_writer::Output;

/// Lance's interface to a file, over an [`Output`] that somebody else ends. A write blocks the thread that encodes for it.
pub struct ToSink {
    output: Output,
    position: usize,
}

impl ToSink {
    pub fn new(output: Output) -> Self {
        Self { output, position: 0 }
    }
}

impl AsyncWrite for ToSink {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        let written = self.output.write(bytes);
        if let Ok(count) = &written {
            self.position += count;
        }
        Poll::Ready(written)
    }

    /// Lance flushes after every batch. Nothing has to leave the sink's buffer for that.
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[async_trait]
impl Writer for ToSink {
    async fn tell(&mut self) -> Result<usize> {
        Ok(self.position)
    }

    async fn shutdown(&mut self) -> Result<WriteResult> {
        Ok(WriteResult { size: self.position, e_tag: None })
    }
}
