//! Names for addresses, from symbols and line tables of whatever library they lie in.

use std::collections::{BTreeSet, HashMap};
use std::ffi::{CStr, c_void};
use std::path::Path;

/// Functions of the C library that it chooses among variants of when it is loaded. The variants have no names of their own.
const CHOSEN: [&CStr; 8] = [c"memcpy", c"memmove", c"memset", c"memcmp", c"memchr", c"strlen", c"strcmp", c"strchr"];

/// Name of a frame of which nothing is known, not even its library.
const UNKNOWN: &str = "[unknown]";

/// For each address its functions, inlined ones first: the innermost is the first.
pub fn of(addresses: impl Iterator<Item = usize>) -> HashMap<usize, Vec<String>> {
    let chosen: HashMap<usize, &CStr> = CHOSEN
        .into_iter()
        // SAFETY: looks up a name.
        .map(|name| (unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) } as usize, name))
        .collect();
    // In order, because tables of only a few libraries are kept at a time.
    addresses.collect::<BTreeSet<_>>().into_iter().map(|address| (address, functions(address, &chosen))).collect()
}

fn functions(address: usize, chosen: &HashMap<usize, &CStr>) -> Vec<String> {
    let mut found = Vec::new();
    backtrace::resolve(address as *mut c_void, |symbol| {
        // The alternate form leaves out the hash.
        let Some(name) = symbol.name().map(|name| format!("{name:#}")) else { return };
        let name = without_arguments(&name);
        found.push(match symbol.filename() {
            Some(file) => format!("{} {name}", source(&file.to_string_lossy())),
            None => name.to_owned(),
        });
    });
    if found.is_empty() {
        found.push(match chosen.get(&beginning(address)) {
            Some(name) => name.to_string_lossy().into_owned(),
            None => library(address).unwrap_or_else(|| UNKNOWN.to_owned()),
        });
    }
    found
}

/// A source file from its crate's name on, without the version of that: line tables name functions without their modules, and
/// whole paths tell where somebody keeps things.
fn source(path: &str) -> String {
    let beginning = path.rfind("/src/").map_or(0, |end| path[..end].rfind('/').map_or(0, |slash| slash + 1));
    let file =
        if path[beginning..].contains("/src/") { &path[beginning..] } else { path.rsplit('/').next().unwrap_or(path) };
    let (folder, rest) = file.split_once('/').unwrap_or((file, ""));
    let version = folder.match_indices('-').map(|(dash, _)| dash).find(|&dash| {
        let after = &folder[dash + 1..];
        after.starts_with(|first: char| first.is_ascii_digit()) && after.contains('.')
    });
    if rest.is_empty() { file.to_owned() } else { format!("{}/{rest}", &folder[..version.unwrap_or(folder.len())]) }
}

/// A function without its type arguments, which name what has nothing to do with it.
fn without_arguments(name: &str) -> &str {
    match name.find('<') {
        Some(end) if end > 0 => &name[..end],
        _ => name,
    }
}

unsafe extern "C" {
    fn _Unwind_FindEnclosingFunction(address: *mut c_void) -> *mut c_void;
}

/// Where the function begins that the address lies in, by the tables for unwinding.
fn beginning(address: usize) -> usize {
    // SAFETY: takes any address.
    unsafe { _Unwind_FindEnclosingFunction((address - 1) as *mut c_void) as usize }
}

/// `[libc.so.6]`.
fn library(address: usize) -> Option<String> {
    // SAFETY: `Dl_info` is plain data, for which zeros are a value.
    let mut info = unsafe { std::mem::zeroed::<libc::Dl_info>() };
    // SAFETY: `info` is valid for writing; any address is taken.
    if unsafe { libc::dladdr((address - 1) as *const c_void, &raw mut info) } == 0 || info.dli_fname.is_null() {
        return None;
    }
    // SAFETY: text of the loader's, which ends with 0.
    let path = unsafe { CStr::from_ptr(info.dli_fname) }.to_string_lossy();
    Some(format!("[{}]", Path::new(path.as_ref()).file_name()?.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_begin_with_their_crate() {
        let index = "/home/me/.cargo/registry/src/index-1949cf8c/parquet-60.0.0/src/encodings/rle.rs";
        assert_eq!(source(index), "parquet/src/encodings/rle.rs");
        assert_eq!(source("/home/me/p/native/engine/tables/src/pool/decode.rs"), "tables/src/pool/decode.rs");
        assert_eq!(source("/rustc/5980/library/core/src/slice/cmp.rs"), "core/src/slice/cmp.rs");
        assert_eq!(source("/r/zstd-sys-2.0.1+zstd.1.5.7/src/lib.rs"), "zstd-sys/src/lib.rs");
        assert_eq!(source("/r/lance-io/rust/lance-io/src/object_writer.rs"), "lance-io/src/object_writer.rs");
        assert_eq!(source("./string/../sysdeps/x86_64/memcmp.S"), "memcmp.S");
    }

    #[test]
    fn functions_lose_their_arguments() {
        assert_eq!(without_arguments("next<a::b<c>>"), "next");
        assert_eq!(without_arguments("<std::fs::File>::open"), "<std::fs::File>::open");
        assert_eq!(without_arguments("memcpy"), "memcpy");
    }

    #[test]
    fn chosen_functions_are_known_by_where_they_begin() {
        // SAFETY: looks up a name.
        let memcpy = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"memcpy".as_ptr()) } as usize;
        assert_eq!(beginning(memcpy + 8), memcpy);
        assert_eq!(library(memcpy + 8).as_deref(), Some("[libc.so.6]"));
    }
}
