//! `writeproof-worker`: one JSON document on standard input, one on standard output.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use writeproof_engine::exercise::{self, Exercise};
use writeproof_engine::library::WriterLibrary;
use writeproof_engine::protocol::{Part, WorkerJob, WorkerReport};
use writeproof_engine::{Failure, Step, canary, closing, crossing, long_call, run, standard_output, weigh};
use writeproof_raw::{ReadOptions, WriteOptions, read_and_validate, write_file};
use writeproof_tables::Request;

const USAGE: &str = "usage: writeproof-worker write|exercise|crossing|prepare|facts|tbl|probe|canary|capabilities|write-file|read-and-validate|\
                     --version; \
                     all but --version read one JSON document from standard input";

/// What this program and every library in it call when they close a descriptor: that of a program comes before libc's.
#[unsafe(no_mangle)]
extern "C" fn close(descriptor: libc::c_int) -> libc::c_int {
    closing::look(descriptor);
    // SAFETY: the caller gives the descriptor up, as it would to libc; the result is 0 or −1.
    unsafe { libc::syscall(libc::SYS_close, descriptor) as libc::c_int }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TableJob {
    table: String,
    scale: f64,
    part: Part,
    /// Of `prepare`; the others have no use for it.
    #[serde(default = "default_batch_rows")]
    batch_rows: usize,
    #[serde(default = "default_threads")]
    threads: usize,
    /// Of `prepare`.
    path: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DirectoryJob {
    directory: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LibraryJob {
    path: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileJob<Options> {
    path: PathBuf,
    options: Options,
}

fn default_batch_rows() -> usize {
    8192
}

fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

impl TableJob {
    fn request(&self) -> Request {
        Request {
            table: self.table.clone(),
            scale: self.scale,
            part: (self.part.index, self.part.count),
            batch_rows: self.batch_rows,
            threads: self.threads,
        }
    }
}

fn main() -> ExitCode {
    let command = std::env::args().nth(1).unwrap_or_default();
    if command == "--version" {
        println!("writeproof-worker {}", env!("CARGO_PKG_VERSION"));
        return ExitCode::SUCCESS;
    }
    // Each of these is set before any thread or library is there.
    let prepared = standard_output::reserve().and_then(|output| weigh::end_with_parent().map(|()| output));
    let mut output = match prepared {
        Ok(output) => output,
        Err(error) => return complain(&format!("the worker cannot set up its process: {error}")),
    };
    if let Err(refused) = weigh::tune_allocator() {
        return complain(&refused);
    }
    weigh::outlive_file_limit();
    if command == "write" {
        return write(&mut output);
    }
    if command == "write-file" || command == "read-and-validate" {
        return file(&command, &mut output);
    }
    match answer(&command, &mut output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => complain(&sentence),
    }
}

/// One file of raw bytes.
fn file(command: &str, output: &mut File) -> ExitCode {
    let ended = if command == "write-file" {
        read_job::<FileJob<WriteOptions>>(command)
            .and_then(|job| long_call::run(output, |control| write_file(&job.path, &job.options, control)))
    } else {
        read_job::<FileJob<ReadOptions>>(command)
            .and_then(|job| long_call::run(output, |control| read_and_validate(&job.path, &job.options, control)))
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(sentence) => complain(&sentence),
    }
}

fn complain(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::FAILURE
}

fn write(output: &mut File) -> ExitCode {
    let report = match read_job::<WorkerJob>("write") {
        Ok(job) => run::write(&job),
        Err(sentence) => Failure::new(Step::Job, sentence).report(false),
    };
    let done = matches!(report, WorkerReport::Done(_));
    match print(output, &report) {
        Ok(()) if done => ExitCode::SUCCESS,
        Ok(()) => ExitCode::FAILURE,
        Err(sentence) => complain(&sentence),
    }
}

fn answer(command: &str, output: &mut File) -> Result<(), String> {
    match command {
        "crossing" => print(output, &crossing::run(&read_job(command)?)?),
        "exercise" => print(output, &exercise::run(&read_job::<Exercise>(command)?)),
        "prepare" => {
            let job: TableJob = read_job(command)?;
            let path = job.path.as_ref().ok_or("the job of `prepare` needs `path`, the file to make")?;
            print(output, &writeproof_tables::prepare(&job.request(), path).map_err(|error| error.to_string())?)
        }
        "facts" => {
            let job: TableJob = read_job(command)?;
            print(output, &writeproof_tables::facts(&job.request()).map_err(|error| error.to_string())?)
        }
        "tbl" => {
            let job: TableJob = read_job(command)?;
            let mut text = BufWriter::with_capacity(1 << 20, output);
            writeproof_tables::write_tbl(&job.request(), &mut text).map_err(|error| error.to_string())?;
            text.flush().map_err(|error| format!("the rows cannot be printed: {error}"))
        }
        "probe" => {
            let job: DirectoryJob = read_job(command)?;
            print(output, &writeproof_sink::probe(&job.directory))
        }
        "canary" => {
            let DirectoryJob { directory } = read_job(command)?;
            let canary = canary::sing(&directory).map_err(|error| {
                format!("the fixed piece of work cannot be written in {}: {error}", directory.display())
            })?;
            print(output, &canary)
        }
        "capabilities" => {
            let LibraryJob { path } = read_job(command)?;
            let library = WriterLibrary::load(&path).map_err(|failure| failure.to_string())?;
            print(output, &library.capabilities().document)
        }
        "" => Err(USAGE.to_owned()),
        unknown => Err(format!("unknown command `{unknown}`; {USAGE}")),
    }
}

fn read_job<T: DeserializeOwned>(command: &str) -> Result<T, String> {
    let mut text = String::new();
    io::stdin()
        .read_to_string(&mut text)
        .map_err(|error| format!("the job of `{command}` cannot be read from standard input: {error}"))?;
    serde_json::from_str(&text)
        .map_err(|error| format!("standard input is not the JSON document that `{command}` takes: {error}"))
}

fn print(output: &mut File, document: &impl Serialize) -> Result<(), String> {
    let mut line = serde_json::to_vec(document).map_err(|error| format!("the report cannot be encoded: {error}"))?;
    line.push(b'\n');
    output.write_all(&line).map_err(|error| format!("the report cannot be printed: {error}"))
}
