//! The Rust structs have the layout that `layout.txt` states. `test/header.test.ts` holds a compiled C program to the same
//! file, so the two agree.

use std::mem::{offset_of, size_of};

use writeproof_abi::{ABI_VERSION, ArrowArray, ArrowArrayStream, ArrowSchema, RawCreateArgs};

macro_rules! lines {
    ($name:literal, $type:ty $(, $field:ident)*) => {
        vec![
            format!("sizeof {} {}", $name, size_of::<$type>()),
            $(format!("offsetof {}.{} {}", $name, stringify!($field), offset_of!($type, $field)),)*
        ]
    };
}

#[test]
fn the_structs_have_the_layout_of_the_header() {
    let found = [
        vec![format!("abi version {ABI_VERSION}")],
        lines!(
            "ArrowArray",
            ArrowArray,
            length,
            null_count,
            offset,
            n_buffers,
            n_children,
            buffers,
            children,
            dictionary,
            release,
            private_data
        ),
        lines!(
            "ArrowSchema",
            ArrowSchema,
            format,
            name,
            metadata,
            flags,
            n_children,
            children,
            dictionary,
            release,
            private_data
        ),
        lines!("ArrowArrayStream", ArrowArrayStream),
        lines!("CreateArgs", RawCreateArgs, struct_size, abi_version, target, options_json, nonce, schema),
    ]
    .concat();
    let expected: Vec<_> = include_str!("../layout.txt").lines().collect();
    assert_eq!(expected.len(), 30);
    assert_eq!(found, expected);
}
