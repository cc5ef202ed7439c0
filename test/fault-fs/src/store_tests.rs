use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::Store;
use crate::calls::{Call, Effect, Rule};
use crate::disk::ROOT;

/// A folder that is removed at the end of its test.
struct Folder(PathBuf);

impl Folder {
    fn new(test: &str) -> Self {
        let path = std::env::temp_dir().join(format!("writeproof-fault-fs-{}-{test}", std::process::id()));
        fs::create_dir_all(&path).expect("a new folder");
        Self(path)
    }

    fn store(&self, rules: Vec<Rule>) -> Store {
        Store::open(&self.0, rules, Duration::ZERO).expect("a store")
    }

    fn after(&self, name: &str) -> Option<String> {
        fs::read_to_string(self.0.join("after").join(name)).ok()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

const FLAGS: i32 = libc::O_RDWR | libc::O_CREAT | libc::O_EXCL;

#[test]
fn a_cut_keeps_what_was_synced_and_nothing_else() {
    let folder = Folder::new("cut");
    let mut store = folder.store(Vec::new());
    let [whole, half, nameless] = ["whole", "half", "nameless"].map(|name| {
        let (_, _, handle) = store.create(ROOT, OsStr::new(name), 0o644, FLAGS).expect("created");
        store.write(handle, 0, b"one").expect("written");
        if name == "half" {
            store.sync_directory(ROOT).expect("synced");
        }
        handle
    });
    store.sync_file(whole).expect("synced");
    store.sync_file(nameless).expect("synced");
    store.write(whole, 3, b"two").expect("written");
    store.cut_power().expect("cut");
    assert_eq!(folder.after("whole").as_deref(), Some("one"));
    assert_eq!(folder.after("half").as_deref(), Some(""));
    assert_eq!(folder.after("nameless"), None);
    let refused = store.write(half, 3, b"two").expect_err("no power");
    assert_eq!(refused.raw_os_error(), Some(libc::EIO));
}

#[test]
fn what_was_there_before_is_durable() {
    let folder = Folder::new("before");
    fs::create_dir_all(folder.0.join("live/d")).expect("made");
    fs::write(folder.0.join("live/d/a"), "old").expect("written");
    let mut store = folder.store(Vec::new());
    store.cut_power().expect("cut");
    assert_eq!(folder.after("d/a").as_deref(), Some("old"));
}

#[test]
fn a_short_write_takes_half_and_an_error_nothing() {
    let folder = Folder::new("rules");
    let rule = |nth, effect| Rule { call: Call::Write, nth, times: Some(1), effect };
    let mut store = folder.store(vec![rule(1, Effect::Short), rule(2, Effect::Errno(libc::ENOSPC))]);
    let (_, _, handle) = store.create(ROOT, OsStr::new("a"), 0o644, FLAGS).expect("created");
    let taken = store.write(handle, 0, b"abcdefgh").expect("written");
    let full = store.write(handle, 4, b"efgh").expect_err("a full disk").raw_os_error();
    let then = store.write(handle, 4, b"efgh").expect("written");
    assert_eq!((taken, full, then), (4, Some(libc::ENOSPC), 4));
    assert_eq!(store.hits(), [PathBuf::from("a"), PathBuf::from("a")]);
    assert_eq!(fs::read_to_string(folder.0.join("live/a")).ok().as_deref(), Some("abcdefgh"));
}

#[test]
fn a_cut_at_a_call_happens_before_it() {
    let folder = Folder::new("cut-at");
    let mut store = folder.store(vec![Rule { call: Call::Fsyncdir, nth: 1, times: Some(1), effect: Effect::Cut }]);
    let (_, _, handle) = store.create(ROOT, OsStr::new("a"), 0o644, FLAGS).expect("created");
    store.sync_file(handle).expect("synced");
    let cut = store.sync_directory(ROOT).expect_err("cut").raw_os_error();
    assert_eq!((cut, folder.after("a")), (Some(libc::EIO), None));
    assert!(folder.0.join("after").is_dir());
}

#[test]
fn a_synchronous_descriptor_makes_each_write_durable() {
    let folder = Folder::new("o-sync");
    let mut store = folder.store(Vec::new());
    let (_, _, handle) = store.create(ROOT, OsStr::new("a"), 0o644, FLAGS | libc::O_DSYNC).expect("created");
    store.write(handle, 0, b"one").expect("written");
    store.sync_directory(ROOT).expect("synced");
    store.cut_power().expect("cut");
    assert_eq!(folder.after("a").as_deref(), Some("one"));
}
