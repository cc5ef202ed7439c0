use std::ffi::OsStr;

use super::{Disk, ROOT, Survivor};

fn name(text: &str) -> &OsStr {
    OsStr::new(text)
}

/// Paths and contents after a cut, sorted; directories end in a slash, contents that were never synced are `-`.
fn after_cut(disk: &Disk<&'static str>) -> Vec<String> {
    let text = |(path, survivor): (std::path::PathBuf, Survivor<'_, &'static str>)| match survivor {
        Survivor::Directory => format!("{}/", path.display()),
        Survivor::File(contents) => {
            format!("{}={}", path.display(), contents.copied().unwrap_or("-"))
        }
    };
    let mut all: Vec<String> = disk.survivors().into_iter().map(text).collect();
    all.sort();
    all
}

#[test]
fn nothing_outlasts_a_cut_before_a_sync() {
    let mut disk = Disk::default();
    disk.make_file(ROOT, name("a"));
    assert_eq!(after_cut(&disk), [""; 0]);
}

#[test]
fn a_synced_file_has_no_name_until_its_directory_is_synced() {
    let mut disk = Disk::default();
    let file = disk.make_file(ROOT, name("a"));
    disk.sync_file(file, "rows");
    let before = after_cut(&disk);
    disk.sync_directory(ROOT);
    assert_eq!((before, after_cut(&disk)), (vec![], vec!["a=rows".to_owned()]));
}

#[test]
fn a_file_with_a_durable_name_that_was_never_synced_is_empty() {
    let mut disk = Disk::default();
    disk.make_file(ROOT, name("a"));
    disk.sync_directory(ROOT);
    assert_eq!(after_cut(&disk), ["a=-"]);
}

#[test]
fn contents_are_those_of_the_last_sync() {
    let mut disk = Disk::default();
    let file = disk.make_file(ROOT, name("a"));
    disk.sync_directory(ROOT);
    disk.sync_file(file, "one");
    disk.sync_file(file, "two");
    assert_eq!(after_cut(&disk), ["a=two"]);
}

#[test]
fn what_lies_in_a_directory_needs_that_directory_s_own_name() {
    let mut disk = Disk::default();
    let inner = disk.make_directory(ROOT, name("d"));
    let file = disk.make_file(inner, name("a"));
    disk.sync_file(file, "rows");
    disk.sync_directory(inner);
    let before = after_cut(&disk);
    disk.sync_directory(ROOT);
    assert_eq!((before, after_cut(&disk)), (vec![], vec!["d/".to_owned(), "d/a=rows".to_owned()]));
}

#[test]
fn a_rename_replaces_the_old_file_whole_or_not_at_all() {
    let mut disk = Disk::default();
    let old = disk.make_file(ROOT, name("a"));
    disk.sync_file(old, "old");
    disk.sync_directory(ROOT);
    let new = disk.make_file(ROOT, name("a.tmp"));
    disk.sync_file(new, "new");
    disk.rename((ROOT, name("a.tmp")), (ROOT, name("a")));
    let before = after_cut(&disk);
    disk.sync_directory(ROOT);
    assert_eq!((before, after_cut(&disk)), (vec!["a=old".to_owned()], vec!["a=new".to_owned()]));
}

#[test]
fn a_rename_between_directories_happens_in_both_or_in_neither() {
    let mut disk = Disk::default();
    let one = disk.make_directory(ROOT, name("one"));
    let two = disk.make_directory(ROOT, name("two"));
    let file = disk.make_file(one, name("a"));
    disk.sync_file(file, "rows");
    disk.sync_directory(ROOT);
    disk.sync_directory(one);
    disk.rename((one, name("a")), (two, name("b")));
    let before = after_cut(&disk);
    disk.sync_directory(two);
    let after = after_cut(&disk);
    disk.sync_directory(one);
    assert_eq!(before, ["one/", "one/a=rows", "two/"]);
    assert_eq!(after, ["one/", "two/", "two/b=rows"]);
    assert_eq!(after_cut(&disk), after);
}

#[test]
fn a_file_that_was_renamed_away_does_not_come_back() {
    let mut disk = Disk::default();
    let one = disk.make_directory(ROOT, name("one"));
    let two = disk.make_directory(ROOT, name("two"));
    disk.sync_directory(ROOT);
    let file = disk.make_file(one, name("a"));
    disk.sync_file(file, "rows");
    disk.rename((one, name("a")), (two, name("b")));
    // The rename builds on the file's creation: both are durable, and a later sync of the first brings nothing back.
    disk.sync_directory(two);
    disk.sync_directory(one);
    assert_eq!(after_cut(&disk), ["one/", "two/", "two/b=rows"]);
}

#[test]
fn a_removal_is_durable_with_its_directory() {
    let mut disk = Disk::default();
    let file = disk.make_file(ROOT, name("a"));
    disk.sync_file(file, "rows");
    disk.sync_directory(ROOT);
    disk.remove(ROOT, name("a"));
    let before = after_cut(&disk);
    disk.sync_directory(ROOT);
    assert_eq!((before, after_cut(&disk)), (vec!["a=rows".to_owned()], vec![]));
}

#[test]
fn a_second_name_holds_the_same_contents_and_outlasts_the_first() {
    let mut disk = Disk::default();
    let file = disk.make_file(ROOT, name("staged"));
    disk.sync_file(file, "rows");
    disk.link(file, ROOT, name("a"));
    disk.remove(ROOT, name("staged"));
    disk.sync_directory(ROOT);
    assert_eq!(after_cut(&disk), ["a=rows"]);
    assert_eq!(disk.path(file), Some("a".into()));
}

#[test]
fn paths_follow_a_directory_that_was_renamed() {
    let mut disk = Disk::<&str>::default();
    let inner = disk.make_directory(ROOT, name("d"));
    let file = disk.make_file(inner, name("a"));
    disk.rename((ROOT, name("d")), (ROOT, name("e")));
    let named = disk.path(file);
    disk.remove(inner, name("a"));
    assert_eq!((named, disk.path(file)), (Some("e/a".into()), None));
}
