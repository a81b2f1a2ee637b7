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
    fs::write(out.join("methods.rs"), methods(&descriptors))?;
    fs::write(out.join("changes.rs"), changes(&descriptors))?;
    tonic_prost_build::configure().compile_fds(descriptors)?;
    Ok(())
}

/// An enum with a variant for every method, so that a table of them is known to be whole.
fn methods(descriptors: &prost_types::FileDescriptorSet) -> String {
    let mut names = Vec::new();
    for file in descriptors.file.iter().filter(|file| file.package() == "schakel.v1") {
        for service in &file.service {
            let subject = service.name().trim_end_matches("Service");
            names.extend(service.method.iter().map(|method| {
                let path = format!("/schakel.v1.{}/{}", service.name(), method.name());
                (format!("{subject}{}", method.name()), path)
            }));
        }
    }
    let variants: Vec<_> =
        names.iter().map(|(name, path)| format!("    /// `{path}`.\n    {name},\n")).collect();
    let rows: Vec<_> =
        names.iter().map(|(name, path)| format!("    (\"{path}\", Method::{name}),\n")).collect();
    format!(
        "/// A method of the API.\n#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]\npub enum Method {{\n{}}}\n\n\
         const METHODS: &[(&str, Method)] = &[\n{}];\n\n\
         impl Method {{\n    /// The method that is called at this path, if there is one.\n    \
         #[must_use]\n    pub fn of(path: &str) -> Option<Self> {{\n        \
         METHODS.iter().find(|(known, _)| *known == path).map(|(_, method)| *method)\n    }}\n}}\n",
        variants.concat(),
        rows.concat()
    )
}

/// Says of every request with a `request_id` that it has one.
fn changes(descriptors: &prost_types::FileDescriptorSet) -> String {
    let files = descriptors.file.iter().filter(|file| file.package() == "schakel.v1");
    let requests = files.flat_map(|file| &file.message_type).filter(|message| {
        message.name().ends_with("Request") && message.field.iter().any(|field| field.name() == "request_id")
    });
    let rows: Vec<_> = requests
        .map(|message| {
            format!(
                "impl Change for crate::v1::{} {{\n    fn request_id_mut(&mut self) -> &mut String {{\n        \
                 &mut self.request_id\n    }}\n}}\n\n",
                message.name()
            )
        })
        .collect();
    format!(
        "/// A request that changes something: sent again with the same id, it has one effect.\n\
         pub trait Change: Clone {{\n    /// A UUID; empty until it is given one.\n    \
         fn request_id_mut(&mut self) -> &mut String;\n}}\n\n{}",
        rows.concat()
    )
}
