//! Compiles every proto without protoc: types, stubs and the descriptor set.

use std::{env, fs, path::PathBuf};

use prost::Message;

#[expect(clippy::disallowed_methods, reason = "a build script is told by the environment where to write")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=schakel");
    let mut files: Vec<_> =
        fs::read_dir("schakel/v1")?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    files.sort();
    let descriptors = protox::compile(files, ["."])?;
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("schakel.bin"), descriptors.encode_to_vec())?;
    tonic_prost_build::configure().compile_fds(descriptors)?;
    Ok(())
}
