//! The methods of the API: found by their names, told with what they do.

use std::sync::LazyLock;

use prost_reflect::{DescriptorPool, MethodDescriptor};

use crate::{failure::Failure, render::Table, session::Outcome};

static POOL: LazyLock<DescriptorPool> =
    LazyLock::new(|| DescriptorPool::decode(schakel_proto::FILE_DESCRIPTOR_SET).unwrap_or_default());

/// Every method of the API, service by service.
pub(super) fn all() -> impl Iterator<Item = MethodDescriptor> {
    let services = POOL.services().filter(|service| service.package_name() == "schakel.v1");
    services.flat_map(|service| service.methods().collect::<Vec<_>>())
}

/// For example `ThuiszitterService/GetCase`.
pub(super) fn name(method: &MethodDescriptor) -> String {
    format!("{}/{}", method.parent_service().name(), method.name())
}

/// The method that is meant by `ThuiszitterService/GetCase`, its path on the wire, or `GetCase`.
pub(super) fn find(wanted: &str) -> Outcome<MethodDescriptor> {
    let bare = wanted.trim_start_matches('/').trim_start_matches("schakel.v1.");
    let meant = |method: &MethodDescriptor| name(method) == bare || method.name() == bare;
    let mut found: Vec<_> = all().filter(meant).collect();
    let several: Vec<_> = found.iter().map(name).collect();
    match (found.pop(), several.as_slice()) {
        (Some(method), [_]) => Ok(method),
        (Some(_), several) => Err(Failure::Usage(format!("`{bare}` is one of {}", several.join(", ")))),
        (None, _) => Err(Failure::Usage(unknown(bare))),
    }
}

fn unknown(bare: &str) -> String {
    let like = like(bare.rsplit('/').next().unwrap_or_default());
    let hint = if like.is_empty() { String::new() } else { format!("; did you mean {}?", like.join(", ")) };
    format!("the API has no method `{bare}`{hint} (all: `schakelctl call --list`)")
}

/// Methods in whose name these letters stand, or whose name begins as they do; at most five.
fn like(letters: &str) -> Vec<String> {
    let letters = letters.to_lowercase();
    if letters.len() < 3 {
        return Vec::new();
    }
    let common =
        |name: &str| name.chars().zip(letters.chars()).take_while(|(one, other)| one == other).count();
    let score = |method: &MethodDescriptor| {
        let name = method.name().to_lowercase();
        if name.contains(&letters) || letters.contains(&name) { usize::MAX } else { common(&name) }
    };
    let mut scored: Vec<_> = all().map(|method| (score(&method), name(&method))).collect();
    scored.retain(|(score, _)| *score >= 5);
    scored.sort();
    scored.reverse();
    scored.truncate(5);
    scored.into_iter().map(|(_, name)| name).collect()
}

/// The methods in whose name `part` stands, each with the first line of what its proto says.
pub(super) fn list(part: &str) -> String {
    let part = part.to_lowercase();
    let mut table = Table::bare();
    for method in all() {
        let name = name(&method);
        if name.to_lowercase().contains(&part) {
            let comment = comment(&method);
            table.row([name, comment.lines().next().unwrap_or_default().trim().to_owned()]);
        }
    }
    table.to_string()
}

/// What the proto says of it.
fn comment(method: &MethodDescriptor) -> String {
    let file = method.parent_file();
    let places = file.file_descriptor_proto().source_code_info.iter().flat_map(|info| &info.location);
    let mut here = places.filter(|place| place.path.as_slice() == method.path());
    here.next().map(|place| place.leading_comments().trim().to_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(wanted: &str) -> String {
        find(wanted).err().map(|failure| failure.rendered(false)).unwrap_or_default()
    }

    #[test]
    fn a_method_is_found_by_its_name_with_or_without_its_service() {
        for wanted in ["GetCase", "ThuiszitterService/GetCase", "/schakel.v1.ThuiszitterService/GetCase"] {
            assert_eq!(
                find(wanted).ok().map(|method| name(&method)).as_deref(),
                Some("ThuiszitterService/GetCase")
            );
        }
    }

    #[test]
    fn a_method_that_is_none_is_told_with_those_that_may_be_meant() {
        let said = refused("ThuiszitterService/GetCas");
        assert!(said.contains("no method `ThuiszitterService/GetCas`"), "{said}");
        assert!(said.contains("ThuiszitterService/GetCase") && said.contains("call --list"), "{said}");
        assert!(
            refused("getcase").contains("did you mean ThuiszitterService/GetCase"),
            "{}",
            refused("getcase")
        );
        assert!(refused("").contains("call --list"));
    }

    #[test]
    fn the_list_says_of_every_method_what_it_does() {
        let all = list("");
        let bare: Vec<_> = all.lines().filter(|line| !line.contains("  ")).collect();
        assert!(all.lines().count() > 200);
        assert!(bare.is_empty(), "{bare:?}");
        assert!(
            list("watch").contains("ConsultationService/WatchConsultations  Every change"),
            "{}",
            list("watch")
        );
    }
}
