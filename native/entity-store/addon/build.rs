//! Tells the linker where Node's symbols are.

fn main() {
    napi_build::setup();
}
