//! The real crate compiles protobuf's C++ for minutes. Lance's feature `protoc` asks it for the path of protoc only.
use std::path::PathBuf;

pub fn protoc() -> PathBuf {
    #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
    return protoc_bin_vendored_linux_x86_64::protoc_bin_path();
    #[cfg(all(target_os = "linux", target_arch = "aarch64"))]
    return protoc_bin_vendored_linux_aarch_64::protoc_bin_path();
}
